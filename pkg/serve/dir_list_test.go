package serve

// What of a folder is shown. Read dir_test.go first.

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDotfiles(t *testing.T) {
	dir := folder(t)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "list/.index.html"), []byte("dotted"), 0o644))
	for name, dotfiles := range map[string]bool{"hidden": false, "asked for": true} {
		s := filesWith(t, dir, DirOptions{Dotfiles: dotfiles})
		for path, what := range map[string]string{
			"/.env":             "a file",
			"/.git/config":      "in a folder",
			"/sub/.git/config":  "in a folder below another",
			"/%2eenv":           "in percents",
			"/sub/../.env":      "behind dots",
			"/sub//.git/config": "behind two slashes",
			"/.git":             "a folder",
			"/.git/":            "a list",
		} {
			t.Run(name+"/"+what, func(t *testing.T) {
				a, body := s.one("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n")
				if dotfiles {
					assert.Contains(t, []int{200, 301}, a.StatusCode)
					return
				}
				assert.Equal(t, 404, a.StatusCode, "as if it weren't there")
				assert.NotContains(t, body, "dotted")
			})
		}
		t.Run(name+"/in a list", func(t *testing.T) {
			_, body := s.one("GET /list/ HTTP/1.1\r\nHost: h\r\n\r\n")
			assert.Equal(t, dotfiles, strings.Contains(body, ".env"))
			assert.Contains(t, body, "sub/")
		})
	}
}

// TestAListHasNoTag, so If-Match of one is met by none, as of a file that has changed.
func TestAListHasNoTag(t *testing.T) {
	s := files(t, folder(t))
	for field, status := range map[string]int{
		"X: y":                     200,
		"If-Match:":                200,
		"If-Match: *":              200,
		"If-Match: \"x\"":          412,
		"If-Match: \"x\", , W/*":   412,
		"If-None-Match: \"x\"":     200,
		"If-Unmodified-Since: now": 200,
	} {
		t.Run(field, func(t *testing.T) {
			a, _ := s.one("GET /list/ HTTP/1.1\r\nHost: h\r\n" + field + "\r\n\r\n")
			assert.Equal(t, status, a.StatusCode)
		})
	}
}

func TestLongList(t *testing.T) {
	dir := t.TempDir()
	s := files(t, dir)
	first := filepath.Join(dir, "f00000")
	require.NoError(t, os.WriteFile(first, nil, 0o644))
	for i := 1; i < listMost; i++ {
		require.NoError(t, os.Link(first, filepath.Join(dir, fmt.Sprintf("f%05d", i))))
	}
	list := func() string {
		_, body := s.one("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
		assert.Equal(t, listMost, strings.Count(body, "<li>"))
		return body
	}
	assert.NotContains(t, list(), "not complete")
	require.NoError(t, os.Link(first, filepath.Join(dir, "one too many")))
	assert.Contains(t, list(), "not complete: the folder holds more than 10000 names")
}
