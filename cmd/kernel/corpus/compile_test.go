package corpus

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Compile returns what each program prints when the compiler has built it. All of them
// are built into one binary, which takes a fraction of the time of a binary for each: a
// program becomes a package whose main is called Main. The packages exist only in an
// overlay, beneath this folder, so that they can import the course's packages.
func Compile(t testing.TB, all []Program) []string {
	t.Helper()
	folder := t.TempDir()
	files := make(map[string]string)
	write := func(virtual, text string) {
		real := filepath.Join(folder, fmt.Sprintf("%d.go", len(files)))
		require.NoError(t, os.WriteFile(real, []byte(text), 0o600))
		files[virtual] = real
	}
	here, err := os.Getwd()
	require.NoError(t, err)
	imports, cases := "", ""
	for i, p := range all {
		name := packageName(i)
		write(filepath.Join(here, "all", name, "main.go"), asPackage(p.Source, name))
		imports += fmt.Sprintf("\t%q\n", "stepwise/cmd/kernel/corpus/all/"+name)
		cases += fmt.Sprintf("\tcase %q:\n\t\t%s.Main()\n", name, name)
	}
	write(filepath.Join(here, "all", "main.go"), "package main\n\nimport (\n\t\"os\"\n"+imports+")\n\nfunc main() {\n\tswitch os.Getenv(\"CORPUS\") {\n"+cases+"\t}\n}\n")
	overlay, err := json.Marshal(map[string]any{"Replace": files})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "overlay.json"), overlay, 0o600))
	binary := filepath.Join(folder, "all")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-overlay", filepath.Join(folder, "overlay.json"), "-o", binary, "./all")
	said, err := build.CombinedOutput()
	require.NoError(t, err, "%s", said)
	printed := make([]string, len(all))
	for i := range all {
		printed[i] = execute(t, binary, packageName(i))
	}
	return printed
}

func packageName(i int) string { return fmt.Sprintf("main%03d", i) }

var (
	clause = regexp.MustCompile(`(?m)^package main$`)
	mains  = regexp.MustCompile(`(?m)^func main\(\)`)
)

// asPackage is a program as a package of another name. Its init functions become part of
// Main, or else all programs would run theirs.
func asPackage(source, name string) string {
	source = clause.ReplaceAllString(source, "package "+name)
	begin := ""
	for i := 1; strings.Contains(source, "\nfunc init() {"); i++ {
		source = strings.Replace(source, "\nfunc init() {", fmt.Sprintf("\nfunc init%d() {", i), 1)
		begin += fmt.Sprintf("\tinit%d()\n", i)
	}
	return mains.ReplaceAllString(source, "func Main() {\n"+begin+"\tmain()\n}\n\nfunc main()")
}

// execute returns what one of the programs in the binary prints, and of what it dies.
func execute(t testing.TB, binary, name string) string {
	t.Helper()
	var out, wrong bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), 3*patience)
	defer cancel()
	command := exec.CommandContext(ctx, binary)
	command.Env = append(os.Environ(), "CORPUS="+name)
	command.Stdout, command.Stderr = &out, &wrong
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		require.NoError(t, err)
	}
	printed := out.String()
	if err != nil {
		first, _, _ := strings.Cut(wrong.String(), "\n")
		printed += first + "\n"
	}
	return strings.ReplaceAll(printed, name+".", "main.")
}
