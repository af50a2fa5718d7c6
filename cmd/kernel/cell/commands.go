package cell

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
)

const commandHelp = `Lines at the top of a cell that are not Go:
  $ command    runs it in a shell
  %cd folder   makes it the current folder; without one, goes home
  %test 09     judges what the notebook defines by lesson 09's cases; %test 09 W01 by one
  %progress    draws the course with what you have solved
  %help        prints this
`

// runCommands runs the commands at the top of a cell, and stops at the first that
// fails.
func (s *Session) runCommands(commands []string) error {
	for _, line := range commands {
		run := s.runMagic
		if line[0] == '$' {
			run = runShell
		}
		if err := run(line); err != nil {
			return err
		}
	}
	return nil
}

// runShell runs a line, behind its $, in sh. Its output goes where the cell's goes.
func runShell(line string) error {
	command := exec.Command("sh", "-c", line[1:])
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	if err := command.Run(); err != nil {
		return fmt.Errorf("$ %s: %w", strings.TrimSpace(line[1:]), err)
	}
	return nil
}

func (s *Session) runMagic(line string) error {
	name, argument, _ := strings.Cut(line, " ")
	argument = strings.TrimSpace(argument)
	switch name {
	case "%cd":
		if argument == "" {
			argument = os.Getenv("HOME")
		}
		if err := os.Chdir(argument); err != nil {
			return fmt.Errorf("%%cd: %w", err)
		}
	case "%test":
		return s.judge(argument)
	case "%progress":
		return showProgress()
	case "%help":
		if _, err := os.Stdout.WriteString(commandHelp); err != nil {
			return err
		}
	default:
		return fmt.Errorf("%s: no such command\n%s", name, commandHelp)
	}
	return nil
}
