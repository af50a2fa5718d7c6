package lab

import (
	"context"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/cmd/stepwise/internal/setup"
)

func TestEachFormOfJupyterGetsItsOwnOptionsAndAddress(t *testing.T) {
	cases := []struct {
		name     string
		versions map[string]string
		file     string
		page     string
		options  []string
	}{
		{"Lab", map[string]string{"jupyterlab": "4.2.0", "notebook": "7.2.0"}, "00-start-here.ipynb", "/lab/tree/00-start-here.ipynb",
			[]string{"jupyterlab", "--ServerApp.port_retries=0", "--ServerApp.root_dir=/lessons", "--LabApp.default_url=/lab/tree/00-start-here.ipynb"}},
		{"Notebook 7", map[string]string{"notebook": "7.2.0"}, "00-start-here.ipynb", "/notebooks/00-start-here.ipynb",
			[]string{"notebook", "--ServerApp.port_retries=0", "--ServerApp.root_dir=/lessons", "--JupyterNotebookApp.default_url=/notebooks/00-start-here.ipynb"}},
		{"Notebook 6", map[string]string{"notebook": "6.4.12"}, "00-start-here.ipynb", "/notebooks/00-start-here.ipynb",
			[]string{"notebook", "--NotebookApp.port_retries=0", "--NotebookApp.notebook_dir=/lessons", "--NotebookApp.default_url=/notebooks/00-start-here.ipynb"}},
		{"Lab on a folder", map[string]string{"jupyterlab": "4.2.0"}, "", "/lab", nil},
		{"Notebook on a folder", map[string]string{"notebook": "6.4.12"}, "", "/tree", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := Server{Jupyter: &setup.Jupyter{Versions: c.versions}, Dir: "/lessons", File: c.file, Port: 8890, Token: "secret"}
			assert.Equal(t, "http://127.0.0.1:8890"+c.page+"?token=secret", s.URL())
			args := s.arguments()
			assert.Subset(t, args, c.options)
			assert.Contains(t, args, "--no-browser")
			assert.NotContains(t, strings.Join(args, " "), "secret", "everyone can read a command line")
			assert.Equal(t, os.Geteuid() == 0, strings.Contains(strings.Join(args, " "), "--allow-root"))
			s.Browser = true
			assert.NotContains(t, s.arguments(), "--no-browser")
		})
	}
}

func TestChoosePort(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	_, err = ChoosePort(l.Addr().(*net.TCPAddr).Port)
	require.ErrorIs(t, err, ErrPort)
	assert.ErrorContains(t, err, "in use")

	for _, wanted := range []int{-1, 0} {
		port, err := ChoosePort(wanted)
		require.NoError(t, err)
		assert.Positive(t, port)
	}
}

func TestThePortsToTry(t *testing.T) {
	assert.Equal(t, []int{9000}, ports(9000))
	assert.Equal(t, []int{0}, ports(0))
	some := ports(-1)
	assert.Equal(t, []int{8888, 8889}, some[:2])
	assert.Equal(t, []int{8907, 0}, some[len(some)-2:], "and at last, any")
}

func TestToken(t *testing.T) {
	t.Setenv("JUPYTER_TOKEN", "")
	assert.GreaterOrEqual(t, len(NewToken()), 20)
	assert.NotEqual(t, NewToken(), NewToken())
	t.Setenv("JUPYTER_TOKEN", "mine")
	assert.Equal(t, "mine", NewToken())
}

func TestAJupyterThatBreaksIsAnError(t *testing.T) {
	cases := []struct{ name, script, want string }{
		{"with a status", "exit 3", "exit status 3"},
		{"without one, before it answered", "exit 0", "before it answered"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			python := filepath.Join(t.TempDir(), "python3")
			require.NoError(t, os.WriteFile(python, []byte("#!/bin/sh\n"+c.script+"\n"), 0o755))
			s := Server{Jupyter: &setup.Jupyter{Python: python}, Dir: t.TempDir(), Port: 1, Out: io.Discard}
			err := s.Run(t.Context(), func(string) { t.Error("is not ready") })
			require.ErrorContains(t, err, c.want)
		})
	}
}

// With real Jupyter: it answers, requires the token, and is gone when its context ends.
func TestRunServesUntilItsContextEnds(t *testing.T) {
	if testing.Short() {
		t.Skip("starts Jupyter")
	}
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "00-start-here.ipynb"), []byte(`{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}`), 0o644))
	port := quietPort()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s := Server{Jupyter: anyJupyter(t), Dir: dir, File: "00-start-here.ipynb", Port: port, Token: "secret", Out: io.Discard}
	answered := false
	err := s.Run(ctx, func(url string) {
		answered = true
		assert.Equal(t, http.StatusOK, status(t, url))
		assert.NotEqual(t, http.StatusOK, status(t, strings.Replace(url, "secret", "wrong", 1)), "without the token")
		cancel()
	})
	require.NoError(t, err)
	assert.True(t, answered)
	assert.NoError(t, setup.PortFree(port), "the server has outlived Run")
}

// quietPort is a free port below those that the kernel hands out: Jupyter needs seconds until
// it listens there, and no other process is given it in between.
func quietPort() int {
	for {
		if port, err := ChoosePort(20_000 + rand.IntN(10_000)); err == nil {
			return port
		}
	}
}

func anyJupyter(t *testing.T) *setup.Jupyter {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module stepwise\n"), 0o644))
	j := setup.Course{Dir: dir}.Jupyter()
	if err := j.Find(t.Context()); err != nil {
		require.ErrorIs(t, err, setup.ErrNoJupyter)
		t.Skip("no Jupyter here: go run ./cmd/stepwise lab installs it")
	}
	return j
}

// status gets url without following a redirect to the login page.
func status(t *testing.T, url string) int {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Get(url)
	if err != nil {
		t.Error(err)
		return 0
	}
	defer response.Body.Close()
	return response.StatusCode
}
