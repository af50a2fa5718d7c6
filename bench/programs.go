package main

// Where the programs come from that take part: most are built here, some must be installed.
// What can't be had is an error that says why, and costs only the contestants that need it.

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// missing says that a program can't take part on this machine.
type missing struct{ why string }

func (m *missing) Error() string { return m.why }

// programs builds and finds programs, each once.
type programs struct {
	bin   string // folder for what is built
	found map[string]found
	uring func() error // why io_uring can't be used; nil if it can
}

type found struct {
	argv []string
	err  error
}

func newPrograms(bin string) *programs { return &programs{bin, make(map[string]found), uringAllowed} }

// find returns the words that start the program of that name. An error is a *missing,
// unless ctx has ended.
func (p *programs) find(ctx context.Context, name string) ([]string, error) {
	known, ok := p.found[name]
	if !ok {
		known.argv, known.err = p.get(ctx, name)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		p.found[name] = known
	}
	return known.argv, known.err
}

func (p *programs) get(ctx context.Context, name string) ([]string, error) {
	out := filepath.Join(p.bin, name)
	if strings.HasSuffix(name, "uring") {
		if err := p.uring(); err != nil {
			return nil, err
		}
	}
	switch kind, rest, _ := strings.Cut(name, "/"); kind {
	case "c":
		return p.compile(ctx, out, rest)
	case "go":
		return built(ctx, out, "go", "build", "-o", out, "./peers/"+name)
	case "ours":
		return built(ctx, out, "go", "build", "-o", out, "./"+name)
	case "stepwise":
		return built(ctx, out, "go", "build", "-C", "..", "-o", out, "./cmd/stepwise")
	case "python": // the one that has uvloop, so that both are measured on the same
		if argv, err := p.find(ctx, "uvloop"); err == nil {
			return argv, nil
		}
		return installed("python3")
	case "uvloop":
		return uvloop(ctx)
	}
	return installed(name)
}

// compile builds a C program with gcc.
func (p *programs) compile(ctx context.Context, out, name string) ([]string, error) {
	if _, err := installed("gcc"); err != nil {
		return nil, err
	}
	argv := []string{"gcc", "-O2", "-Wall", "-o", out, "peers/c/" + name + ".c"}
	if name == "echo_uring" {
		if exec.CommandContext(ctx, "gcc", "-fsyntax-only", "-include", "liburing.h", "-xc", "/dev/null").Run() != nil {
			return nil, &missing{"liburing is not installed: apt-get install liburing-dev"}
		}
		argv = append(argv, "-luring")
	}
	return built(ctx, out, argv...)
}

// uringAllowed asks the kernel with parameters that it can't write to: what is forbidden or
// unknown is refused before it looks at them.
func uringAllowed() error {
	_, _, errno := unix.Syscall(unix.SYS_IO_URING_SETUP, 1, 0, 0)
	return uringRefusal(errno)
}

func uringRefusal(errno unix.Errno) error {
	switch errno {
	case unix.EPERM, unix.EACCES:
		return &missing{"io_uring is forbidden here: by sysctl kernel.io_uring_disabled, or by the container's seccomp profile"}
	case unix.ENOSYS:
		return &missing{"this kernel has no io_uring"}
	}
	return nil
}

// packages are Debian's, where a program's isn't called as it is.
var packages = map[string]string{"gcc": "gcc libc6-dev", "nginx": "nginx-light", "node": "nodejs"}

func installed(name string) ([]string, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		pkg := packages[name]
		if pkg == "" {
			pkg = name
		}
		return nil, &missing{fmt.Sprintf("%s is not installed: apt-get install %s", name, pkg)}
	}
	return []string{path}, nil
}

// built runs a command that makes out. The output's last lines say best why it failed.
func built(ctx context.Context, out string, argv ...string) ([]string, error) {
	said, err := exec.CommandContext(ctx, argv[0], argv[1:]...).CombinedOutput()
	if err != nil {
		return nil, &missing{fmt.Sprintf("%s could not build it: %v: %s", argv[0], err, tail(said))}
	}
	return []string{out}, nil
}

// uvloop returns a Python that has it: the one on PATH, or else the system's, for which
// Debian has a package.
func uvloop(ctx context.Context) ([]string, error) {
	for _, candidate := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(ctx, candidate, "-c", "import uvloop").Run() == nil {
			return []string{candidate}, nil
		}
	}
	return nil, &missing{"no python3 here has uvloop: apt-get install python3-uvloop"}
}

// tail is the end of what a program has said, in one line.
func tail(said []byte) string {
	lines := strings.Split(strings.TrimSpace(string(said)), "\n")
	return strings.Join(lines[max(0, len(lines)-3):], "; ")
}
