package programtest

import (
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// OfDoc builds the program that the package comment in file has as an indented block, with
// each old text replaced by a new one, and returns its path.
func OfDoc(t testing.TB, file string, oldnew ...string) string {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly|parser.ParseComments)
	require.NoError(t, err)
	var program strings.Builder
	for line := range strings.Lines(parsed.Doc.Text()) {
		if code, indented := strings.CutPrefix(line, "\t"); indented && (program.Len() > 0 || code == "package main\n") || line == "\n" {
			program.WriteString(code)
		}
	}
	text := program.String()
	for i := 0; i < len(oldnew); i += 2 {
		require.Contains(t, text, oldnew[i])
		text = strings.ReplaceAll(text, oldnew[i], oldnew[i+1])
	}
	dir := t.TempDir()
	source, binary := filepath.Join(dir, "main.go"), filepath.Join(dir, "program")
	require.NoError(t, os.WriteFile(source, []byte(text), 0o600))
	out, err := exec.Command("go", "build", "-o", binary, source).CombinedOutput()
	require.NoError(t, err, "%s", out)
	return binary
}
