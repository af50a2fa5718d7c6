package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"golang.org/x/sys/unix"
)

func TestProgramsSayWhyTheyCantBeHad(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for name, want := range map[string]string{
		"c/loadgen": "gcc is not installed: apt-get install gcc libc6-dev",
		"nginx":     "nginx is not installed: apt-get install nginx-light",
		"node":      "node is not installed: apt-get install nodejs",
		"wrk":       "wrk is not installed: apt-get install wrk",
		"go/x":      "go could not build it: ",
	} {
		t.Run(name, func(t *testing.T) {
			p := newPrograms(t.TempDir())
			for range 2 {
				_, err := p.find(t.Context(), name)
				assert.ErrorContains(t, err, want)
				assert.ErrorAs(t, err, new(*missing))
			}
		})
	}
}

func TestWhatNeedsUringIsMissingWhereItIsForbidden(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for name, want := range map[string]string{"c/echo_uring": "forbidden", "go/uring": "forbidden", "c/echo_epoll": "gcc is not installed"} {
		p := newPrograms(t.TempDir())
		p.uring = func() error { return uringRefusal(unix.EPERM) }
		_, err := p.find(t.Context(), name)
		assert.ErrorContains(t, err, want, name)
	}
}

func TestUringRefusalSaysWhy(t *testing.T) {
	for _, c := range []struct {
		errno unix.Errno
		want  string
	}{
		{unix.EPERM, "io_uring is forbidden here"}, {unix.EACCES, "io_uring is forbidden here"}, {unix.ENOSYS, "this kernel has no io_uring"},
	} {
		err := uringRefusal(c.errno)
		assert.ErrorContains(t, err, c.want)
		assert.ErrorAs(t, err, new(*missing))
	}
	assert.NoError(t, uringRefusal(unix.EFAULT), "it has looked at the parameters")
}

func TestProgramsThatDontCompileSayWhere(t *testing.T) {
	needs(t, "gcc")
	_, err := built(t.Context(), "", "gcc", "-o", t.TempDir()+"/x", "-xc", "/dev/null")
	assert.ErrorContains(t, err, "main")
}

// TestEveryProgramCanBeBuilt needs what the README lists to be installed.
func TestEveryProgramCanBeBuilt(t *testing.T) {
	needs(t, "gcc")
	b := ready(t)
	for _, c := range contests() {
		for _, who := range c.contestants {
			name, _, _ := strings.Cut(who.command, " ")
			if sourceOf(name) == "" && name != "stepwise" {
				continue // installed, not built
			}
			if _, err := b.programs.find(t.Context(), name); err != nil {
				assert.ErrorContains(t, err, "liburing is not installed", name)
			}
		}
	}
}
