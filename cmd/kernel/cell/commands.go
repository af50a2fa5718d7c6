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
  %help        prints this
`

// runCommands runs the lines at the top of a cell that begin with $ or %, and
// returns the cell with these lines emptied, so that errors further down keep
// their line numbers. It stops at the first command that fails.
func (s *Session) runCommands(code string) (string, error) {
	lines := strings.Split(code, "\n")
	for i, line := range lines {
		line = strings.TrimSpace(line)
		var err error
		switch {
		case line == "":
			continue
		case line[0] == '$':
			err = runShell(line[1:])
		case line[0] == '%':
			err = s.runMagic(line)
		default:
			return strings.Join(lines, "\n"), nil
		}
		if err != nil {
			return "", err
		}
		lines[i] = ""
	}
	return strings.Join(lines, "\n"), nil
}

// runShell runs a line in sh. Its output goes where the cell's goes.
func runShell(line string) error {
	command := exec.Command("sh", "-c", line)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	if err := command.Run(); err != nil {
		return fmt.Errorf("$ %s: %w", strings.TrimSpace(line), err)
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
	case "%help":
		if _, err := os.Stdout.WriteString(commandHelp); err != nil {
			return err
		}
	default:
		return fmt.Errorf("%s: no such command\n%s", name, commandHelp)
	}
	return nil
}
