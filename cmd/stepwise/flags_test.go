// flags_test.go: messages and documents must not name a flag or a command that no
// longer exists. The tests read all of the clone's text. Every call of stepwise in it
// must have commands and flags that exist. In the command's own words, and in README
// and CONTRIBUTING, so must every flag that is named alone.

package main

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// foreignFlags are flags of other programs that our messages and documents name.
var foreignFlags = []string{
	"--no-install-recommends",                      // apt-get
	"--install",                                    // xcode-select
	"--strict",                                     // .ci/run
	"--quick",                                      // bench
	"--clear", "--quiet", "--retries", "--timeout", // python's venv and pip
	"--allow-root", "--ip", "--log-level", // jupyter
	"--format", // git
}

// speaks says to which commands the words in a package or file belong, if its name
// isn't that of its command. --dir is right in serve's words, but wrong in words that
// belong to all commands.
var speaks = map[string][]string{
	"internal/setup": {"lab"}, "internal/lab": {"lab"}, "internal/kernelspec": {"kernel"}, "internal/update": {"update"},
	"internal/suite": {"test"}, "internal/player": {"run"}, "play": {"run"}, "internal/site": {"site"},
	"usage.go": {"test", "run"}, "cli.go": {"test"}, "main.go": nil,
}

// flagsOf returns the flags that a file may name alone: in cmd/stepwise those of its
// command and those of all commands, elsewhere any flag.
func flagsOf(root *kong.Node, name string) map[string]bool {
	known := make(map[string]bool)
	for _, flag := range foreignFlags {
		known[flag] = true
	}
	name, ours := strings.CutPrefix(name, "cmd/stepwise/")
	own, told := speaks[name]
	if !told {
		own, told = speaks[filepath.Dir(name)]
	}
	first, _, _ := strings.Cut(strings.TrimSuffix(name, ".go"), "_")
	if !told && slices.ContainsFunc(root.Children, func(n *kong.Node) bool { return n.Name == first }) {
		own, told = []string{first}, true
	}
	anywhere := !ours || !told
	for _, node := range append(root.Leaves(false), root) {
		first, _, _ := strings.Cut(strings.TrimSpace(node.Path()), " ")
		if node != root && !anywhere && !slices.Contains(own, first) {
			continue
		}
		for _, group := range node.AllFlags(false) {
			for _, f := range group {
				known["--"+f.Name] = true
			}
		}
	}
	return known
}

func grammar(t *testing.T) *kong.Node {
	t.Helper()
	var c commands
	return newParser(context.Background(), &c, streams{Out: io.Discard, Err: io.Discard}).Model.Node
}

// hasFlag reports whether the command takes the flag.
func hasFlag(node *kong.Node, flag string) bool {
	for _, group := range node.AllFlags(false) {
		for _, f := range group {
			if flag == "--"+f.Name || f.Short != 0 && flag == "-"+string(f.Short) {
				return true
			}
		}
	}
	return false
}

var (
	namedCalls = regexp.MustCompile("(?m)(^|[^/\\w.-])(?:go run \\./cmd/)?stepwise((?: +[^\\s`\"'|;&#()\\\\]+)+)")
	loneFlags  = regexp.MustCompile(`(?:^|[\s"'(:` + "`" + `])(--[a-z][a-z-]+)`)
)

// wrongIn lists the faults of the calls in text.
func wrongIn(root *kong.Node, text string) []string {
	var wrong []string
	for _, found := range namedCalls.FindAllStringSubmatch(text, -1) {
		node, open := root, true // open: the next word may be a command
		words := longFlags(strings.Fields(found[2]))
		for i, word := range words {
			word = strings.TrimRight(word, ".,:;?!…")
			if word == "--" {
				break
			}
			if strings.HasPrefix(word, "-") {
				flag, _, _ := strings.Cut(word, "=")
				if flag != "-h" && !hasFlag(node, flag) {
					wrong = append(wrong, strings.TrimSpace(found[0])+": no flag "+flag)
				}
				continue
			}
			child := slices.IndexFunc(node.Children, func(n *kong.Node) bool { return n.Name == word })
			if child >= 0 && open {
				node = node.Children[child]
				continue
			}
			if i == 0 && found[1] == "`" {
				wrong = append(wrong, strings.TrimSpace(found[0])+": no command "+word)
			}
			if i == 0 {
				break // a sentence, or another program's argument
			}
			open = open && i > 0 && strings.HasPrefix(words[i-1], "-") // a flag's value
		}
	}
	return wrong
}

// shownText returns the text of a file that readers may see: for Go, its comments and
// strings.
func shownText(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	if filepath.Ext(path) != ".go" {
		return string(content)
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, content, parser.ParseComments)
	require.NoError(t, err)
	var all []string
	for _, group := range file.Comments {
		all = append(all, group.Text())
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			all = append(all, literal.Value)
		}
		return true
	})
	return strings.Join(all, "\n")
}

// textFiles lists the clone's text files, without the files that tools make, tests,
// which make wrong calls on purpose, and the changelog, which names old flags.
func textFiles(t *testing.T, root string) []string {
	t.Helper()
	var all []string
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch name := d.Name(); {
		case err != nil:
			return err
		case d.IsDir() && (name == ".git" || name == ".stepwise" || name == ".ipynb_checkpoints" || name == "testdata" || name == "tables"):
			return filepath.SkipDir
		case !d.Type().IsRegular() || strings.HasSuffix(name, "_test.go") || name == "CHANGELOG.md" || name == "go.sum":
			return nil
		}
		all = append(all, path)
		return nil
	}))
	return all
}

func TestEveryFlagThatIsNamedIsThere(t *testing.T) {
	root, seen, used := grammar(t), 0, make(map[string]bool)
	for _, path := range textFiles(t, "../..") {
		words := shownText(t, path)
		seen += len(namedCalls.FindAllString(words, -1))
		assert.Empty(t, wrongIn(root, words), path)
		name, err := filepath.Rel("../..", path)
		require.NoError(t, err)
		if !(strings.HasPrefix(name, "cmd/stepwise/") && filepath.Ext(name) == ".go") && name != "README.md" && name != "CONTRIBUTING.md" {
			continue
		}
		known := flagsOf(root, filepath.ToSlash(name))
		for _, found := range loneFlags.FindAllStringSubmatch(namedCalls.ReplaceAllString(words, "$1"), -1) {
			used[found[1]] = true
			assert.True(t, known[found[1]], "%s names %s, which its command doesn't have; if it is another's, say so in foreignFlags or in speaks", path, found[1])
		}
	}
	assert.Greater(t, seen, 100, "the calls are not found any more")
	for _, flag := range foreignFlags {
		assert.True(t, used[flag], "%s is named nowhere: it needs no exception any more", flag)
	}
}

func TestWrongIn(t *testing.T) {
	cases := []struct {
		name, text string
		want       []string
	}{
		{"a call", "`stepwise run --all 09`", nil},
		{"a call in Go's form", "`stepwise test -run Lesson09`", nil},
		{"a call without a PATH", "    go run ./cmd/stepwise kernel install --prefix /usr/local", nil},
		{"flags before the command", "stepwise -C dir trace -o out.svg fetch --json URL", nil},
		{"the name alone", "the `stepwise` command, stepwise: stopped", nil},
		{"another program's argument", "helm upgrade --install stepwise chart --values x", nil},
		{"a sentence", "When stepwise starts, it is there.", nil},
		{"what follows the call", "stepwise site -o site && chromium --app=site/index.html", nil},
		{"a flag that was renamed", "`stepwise --dir X lab`", []string{"`stepwise --dir X lab: no flag --dir"}},
		{"a flag of another command", "stepwise lab --all", []string{"stepwise lab --all: no flag --all"}},
		{"a flag of a command inside a command", "stepwise serve http --dir D --fly", []string{"stepwise serve http --dir D --fly: no flag --fly"}},
		{"a command that was renamed", "`stepwise play 09`", []string{"`stepwise play 09: no command play"}},
		{"a flag before a full stop", "Try stepwise lab --fly.", []string{"stepwise lab --fly.: no flag --fly"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, wrongIn(grammar(t), c.text))
		})
	}
}
