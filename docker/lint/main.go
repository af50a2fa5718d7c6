// Command lint checks Dockerfiles with the rules of BuildKit's parser, which are
// most of those of `docker build --check`, and with a few rules of our own. It
// needs no network, and no engine that is new enough for --check. It is a module
// of its own because BuildKit is large.
//
//	cd docker/lint && go run . ../Dockerfile
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

func main() {
	found := 0
	for _, name := range os.Args[1:] {
		if err := lint(name, func(line int, text string) {
			found++
			fmt.Printf("%s:%d: %s\n", name, line, text)
		}); err != nil {
			fmt.Fprintln(os.Stderr, "lint:", err)
			os.Exit(1)
		}
	}
	if found > 0 || len(os.Args) < 2 {
		os.Exit(1)
	}
	fmt.Printf("%d Dockerfiles, no warnings\n", len(os.Args)-1)
}

// lint calls warn for each fault in a Dockerfile.
func lint(name string, warn func(line int, text string)) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	file, err := parser.Parse(f)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for _, w := range file.Warnings {
		warn(w.Location.Start.Line, w.Short)
	}
	rules := linter.New(&linter.Config{Warn: func(rule, _, _, text string, at []parser.Range) {
		line := 0
		if len(at) > 0 {
			line = at[0].Start.Line
		}
		warn(line, rule+": "+text)
	}})
	stages, _, err := instructions.Parse(file.AST, rules)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	house(stages, warn)
	return nil
}

// house checks our own rules: building twice gives the same image, apt's lists
// stay out of the layers, and the image doesn't run as root.
func house(stages []instructions.Stage, warn func(line int, text string)) {
	for _, stage := range stages {
		for _, command := range stage.Commands {
			line := command.Location()[0].Start.Line
			text := fmt.Sprint(command)
			if run, ok := command.(*instructions.RunCommand); ok {
				text = strings.Join(run.CmdLine, " ")
			}
			switch {
			case strings.Contains(text, "apt-get install") && !strings.Contains(text, "--no-install-recommends"):
				warn(line, "apt-get install without --no-install-recommends")
			case strings.Contains(text, "apt-get install") && !strings.Contains(text, "/var/lib/apt/lists"):
				warn(line, "apt's lists stay in the layer")
			case strings.Contains(text, "@latest"), strings.Contains(text, "curl ") && strings.Contains(text, "| sh"):
				warn(line, "builds something else each time")
			case command.Name() == "ADD":
				warn(line, "ADD unpacks and downloads: use COPY")
			}
		}
		if strings.HasSuffix(stage.BaseName, ":latest") {
			warn(stage.Location[0].Start.Line, "the base image may change")
		}
	}
	last := stages[len(stages)-1]
	user := ""
	for _, command := range last.Commands {
		if u, ok := command.(*instructions.UserCommand); ok {
			user = u.User
		}
	}
	if user == "" || user == "root" || user == "0" {
		warn(last.Location[0].Start.Line, "the image runs as root")
	}
}
