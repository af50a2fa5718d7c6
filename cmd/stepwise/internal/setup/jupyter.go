// jupyter.go: finding a Python that has Jupyter. A machine may have several Pythons,
// and its `jupyter` may belong to none of those on PATH, so each is asked. Read
// course.go first; install.go installs a Jupyter if there is none.

package setup

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"stepwise/cmd/stepwise/internal/child"
)

// ErrNoJupyter says that no Python here has the parts of Jupyter that the course
// needs.
var ErrNoJupyter = errors.New("no Python here has Jupyter (notebook or jupyterlab, and nbclient)")

// Jupyter is a Python that has Jupyter. Its Step fills it in.
type Jupyter struct {
	Python   string            // the interpreter; "" before the Step
	Versions map[string]string // by package: jupyterlab, notebook, nbclient

	course Course
}

// Jupyter returns a Jupyter that its Step finds or installs.
func (c Course) Jupyter() *Jupyter { return &Jupyter{course: c} }

// Step finds a Jupyter on this machine, or installs one.
func (j *Jupyter) Step() Step {
	return Step{Name: "Jupyter", Ready: func(ctx context.Context, say func(string)) (string, error) {
		if err := j.Find(ctx); err == nil {
			return j.String(), nil
		}
		if err := j.course.installJupyter(ctx, say); err != nil {
			return "", err
		}
		if err := j.Find(ctx); err != nil {
			return "", fmt.Errorf("installed it, but %w", err)
		}
		return j.String(), nil
	}}
}

// Find looks for a Jupyter on this machine and installs nothing. The error is
// ErrNoJupyter.
func (j *Jupyter) Find(ctx context.Context) error {
	for _, python := range j.course.pythons() {
		versions, err := ask(ctx, python)
		if err != nil || versions["nbclient"] == "" {
			continue
		}
		if versions["notebook"] != "" || versions["jupyterlab"] != "" {
			j.Python, j.Versions = python, versions
			return nil
		}
	}
	return ErrNoJupyter
}

// Front returns the module that serves notebooks: "jupyterlab" if it is installed, and
// otherwise "notebook".
func (j *Jupyter) Front() string {
	if _, ok := j.Versions["jupyterlab"]; ok {
		return "jupyterlab"
	}
	return "notebook"
}

// Classic reports whether the front is Notebook 6 or older, whose options and
// addresses differ from those of Lab and Notebook 7.
func (j *Jupyter) Classic() bool {
	major, _, _ := strings.Cut(j.Versions["notebook"], ".")
	n, err := strconv.Atoi(major)
	return j.Front() == "notebook" && err == nil && n < 7
}

// String names the front, its version and its Python.
func (j *Jupyter) String() string {
	return fmt.Sprintf("%s %s, with %s", j.Front(), j.Versions[j.Front()], j.Python)
}

// pythons lists the interpreters to ask, best first, each once: our own, the one that
// runs the `jupyter` command, and those on PATH.
func (c Course) pythons() []string {
	list := []string{c.private("venv", "bin", "python")}
	folders := filepath.SplitList(os.Getenv("PATH"))
	for _, dir := range folders {
		list = append(list, interpreter(filepath.Join(dir, "jupyter")))
	}
	for _, dir := range folders {
		list = append(list, filepath.Join(dir, "python3"), filepath.Join(dir, "python"))
	}
	var there []string
	seen := make(map[string]bool)
	for _, name := range list {
		if info, err := os.Stat(name); err == nil && !info.IsDir() && !seen[name] {
			seen[name] = true
			there = append(there, name)
		}
	}
	return there
}

// interpreter reads the first line of a Python script, such as
// "#!/usr/bin/python3", and returns the path in it; for other files it returns "".
func interpreter(script string) string {
	f, err := os.Open(script)
	if err != nil {
		return ""
	}
	defer f.Close()
	line, _ := bufio.NewReader(f).ReadString('\n')
	path, found := strings.CutPrefix(strings.TrimSpace(line), "#!")
	if path = strings.TrimSpace(path); !found || !strings.HasPrefix(filepath.Base(path), "python") {
		return ""
	}
	return path
}

// ElsewhereOnly begins each script that is given to a Python with -c. Otherwise Python
// would look for modules in the current folder first, and run a json.py that somebody
// has left there.
const ElsewhereOnly = "import sys; sys.path = [p for p in sys.path if p]; "

// question asks a Python for versions without importing the packages, because
// importing all of them would take seconds.
const question = ElsewhereOnly + `
import json, importlib.util, importlib.metadata
found = {}
for name in ("jupyterlab", "notebook", "nbclient"):
    if importlib.util.find_spec(name):
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "?"
print(json.dumps(found))
`

func ask(ctx context.Context, python string) (map[string]string, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	answer, err := child.Output(ctx, child.Program{Name: python, Args: []string{"-c", question}})
	if err != nil {
		return nil, err
	}
	versions := make(map[string]string)
	if err := json.Unmarshal([]byte(answer), &versions); err != nil {
		return nil, fmt.Errorf("asking %s for its packages: %w", python, err)
	}
	return versions, nil
}
