package main

// The machine that a run was made on, as far as its figures depend on it.

import (
	"os"
	"os/exec"
	"regexp"
	"runtime"

	"golang.org/x/sys/unix"
)

func (b *bench) machine() Machine {
	m := Machine{CPU: runtime.GOARCH, Cores: len(b.cores), Go: runtime.Version()}
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if model := regexp.MustCompile(`(?m)^model name\s*:\s*(.+)$`).FindSubmatch(info); model != nil {
			m.CPU = string(model[1])
		}
	}
	var name unix.Utsname
	if unix.Uname(&name) == nil {
		m.Kernel = unix.ByteSliceToString(name.Sysname[:]) + " " + unix.ByteSliceToString(name.Release[:])
	}
	for _, tool := range [][]string{{"gcc", "-dumpfullversion"}, {"python", "--version"}, {"node", "--version"}, {"nginx", "-v"}} {
		argv, err := b.programs.find(b.ctx, tool[0])
		if err != nil {
			continue
		}
		if said, err := exec.CommandContext(b.ctx, argv[0], tool[1]).CombinedOutput(); err == nil {
			m.Tools = append(m.Tools, tool[0]+" "+version.FindString(string(said)))
		}
	}
	return m
}

var version = regexp.MustCompile(`\d[\d.]*\d`)
