package main

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/faulty"
)

func TestTrace(t *testing.T) {
	server := faulty.HTTP("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello")
	defer server.Close()
	refused := faulty.Refused()
	defer refused.Close()
	dir := t.TempDir()
	folder := filepath.Join(dir, "folder.svg")
	require.NoError(t, os.Mkdir(folder, 0o755))
	file := func(name string) string { return filepath.Join(dir, name) }

	t.Run("to standard output", func(t *testing.T) {
		status, out, err := call(t, "trace", "fetch", server.URL())
		assert.Equal(t, ok, status, err)
		assert.Empty(t, err)
		for _, part := range []string{"Sequence: who called whom\n", "call sock.Connect", "call sock.Send", "call sock.ReadInto",
			"select sleeps: nothing runs, everything waits"} {
			assert.Contains(t, out, part)
		}
		assert.NotContains(t, out, "hello\n", "the body is not printed")
	})
	t.Run("an svg", func(t *testing.T) {
		status, out, err := call(t, "trace", "-o", file("out.svg"), "--picture", "timeline", "fetch", server.URL(), server.URL())
		assert.Equal(t, ok, status, err)
		assert.Empty(t, out)
		assert.Regexp(t, `out\.svg shows \d+ events\n$`, err)
		svg := read(t, file("out.svg"))
		assert.True(t, strings.HasPrefix(svg, "<svg "))
		assert.Contains(t, svg, "task 3, ")
		for d := xml.NewDecoder(strings.NewReader(svg)); ; {
			if _, err := d.Token(); err == io.EOF {
				break
			} else {
				require.NoError(t, err)
			}
		}
	})
	t.Run("json for Perfetto", func(t *testing.T) {
		status, _, err := call(t, "trace", "-o", file("out.json"), "fetch", server.URL())
		assert.Equal(t, ok, status, err)
		var doc struct{ TraceEvents []map[string]any }
		require.NoError(t, json.Unmarshal([]byte(read(t, file("out.json"))), &doc))
		assert.Greater(t, len(doc.TraceEvents), 20)
	})
	t.Run("each picture, as text", func(t *testing.T) {
		for picture, title := range map[string]string{"sequence": "Sequence:", "timeline": "Timeline of ", "order": "Timeline, in order", "futures": "Futures\n", "tree": "Tasks:"} {
			status, _, err := call(t, "trace", "-o", file("out.txt"), "--picture="+picture, "fetch", server.URL())
			assert.Equal(t, ok, status, err)
			assert.True(t, strings.HasPrefix(read(t, file("out.txt")), title), picture)
		}
	})
	t.Run("a fetch that fails is drawn too", func(t *testing.T) {
		status, _, err := call(t, "trace", "-o", file("failed.txt"), "fetch", refused.URL())
		assert.Equal(t, failed, status)
		assert.Contains(t, err, "connection refused")
		assert.Contains(t, read(t, file("failed.txt")), "ECONNREFUSED")
	})
	t.Run("wrong usage, before anything runs", func(t *testing.T) {
		for said, args := range map[string][]string{
			"must end in .svg":    {"trace", "-o", file("out.png"), "fetch", server.URL()},
			"there is no folder ": {"trace", "-o", file("no/out.svg"), "fetch", server.URL()},
			"this is a folder":    {"trace", "-o", folder, "fetch", server.URL()},
			"want http://":        {"trace", "-o", file("never.svg"), "fetch", "ftp://127.0.0.1/"},
			"--picture":           {"trace", "--picture", "cake", "fetch", server.URL()},
			"<url>":               {"trace", "fetch"},
		} {
			status, _, err := call(t, args...)
			assert.Equal(t, usage, status, err)
			assert.Contains(t, err, said)
		}
		assert.NoFileExists(t, file("never.svg"))
	})
	t.Run("a file that can't be written in the end", func(t *testing.T) {
		for name, url := range map[string]string{"after a fetch that worked": server.URL(), "after one that failed": refused.URL()} {
			target := filepath.Join(t.TempDir(), "out.svg")
			require.NoError(t, os.Symlink("no/out.svg", target))
			status, _, err := call(t, "trace", "-o", target, "fetch", url)
			assert.Equal(t, failed, status, name)
			assert.Contains(t, err, "writing the picture: ", name)
			assert.Equal(t, url == refused.URL(), strings.Contains(err, "connection refused"), name)
		}
	})
	t.Run("help", func(t *testing.T) {
		status, out, _ := call(t, "trace", "fetch", "--help")
		assert.Equal(t, ok, status)
		assert.Contains(t, out, "--picture")
	})
}

func read(t *testing.T, path string) string {
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(data)
}
