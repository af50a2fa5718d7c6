// Package kernelspec installs the notebooks' kernel where every Jupyter of a user or
// a machine finds it. When it uninstalls, it removes only what it installed.
//
// A kernelspec is a folder in one of Jupyter's places. Notebooks name it in
// kernelspec.name. Choose the folder, then install:
//
//	folder := kernelspec.Under("/usr/local")
//	outcome, err := folder.Install(fingerprint, build)
//	…
//	left, err := folder.Uninstall()
//
// Order of reading: kernelspec.go (where it is and what is in it), install.go,
// manifest.go, uninstall.go.
package kernelspec

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"stepwise/cmd/kernel/build"
)

// Folder is the absolute path of a kernelspec, whether it exists or not.
type Folder string

// ofUser has Jupyter's folder in a user's home, by system.
var ofUser = map[string]string{"darwin": "Library/Jupyter", "": ".local/share/jupyter"}

// OfUser returns the folder that every Jupyter of this user searches. As in Jupyter,
// it is in JUPYTER_DATA_DIR, or else in XDG_DATA_HOME, or else in the home.
func OfUser() (Folder, error) {
	if dir := os.Getenv("JUPYTER_DATA_DIR"); dir != "" {
		return in(dir)
	}
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" && runtime.GOOS != "darwin" {
		return in(filepath.Join(dir, "jupyter"))
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("looking for your home folder: %w: name another with --prefix", err)
	}
	below, ok := ofUser[runtime.GOOS]
	if !ok {
		below = ofUser[""]
	}
	return in(filepath.Join(home, below))
}

// Under returns the folder in a prefix such as /usr/local or a virtual environment.
func Under(prefix string) (Folder, error) {
	return in(filepath.Join(prefix, "share", "jupyter"))
}

// in returns the folder in one of Jupyter's places.
func in(place string) (Folder, error) {
	path, err := filepath.Abs(filepath.Join(place, "kernels", build.SpecName))
	if err != nil {
		return "", fmt.Errorf("finding the folder %s: %w", place, err)
	}
	return Folder(path), nil
}

// Place returns the Jupyter folder that contains f: JUPYTER_PATH lists such folders.
func (f Folder) Place() string { return filepath.Dir(filepath.Dir(string(f))) }

func (f Folder) file(name string) string { return filepath.Join(string(f), name) }

//go:embed logo
var logos embed.FS

// Files returns the files of a kernelspec, by name, for the kernel at binary: how to
// start it, and the logos to show beside its name. binary must be absolute.
func Files(binary string) map[string][]byte {
	files := map[string][]byte{"kernel.json": build.KernelSpec(binary)}
	entries, err := fs.ReadDir(logos, "logo")
	if err != nil {
		panic("kernelspec: the embedded folder can't be listed: " + err.Error())
	}
	for _, entry := range entries {
		content, err := logos.ReadFile("logo/" + entry.Name())
		if err != nil {
			panic("kernelspec: an embedded file can't be read: " + err.Error())
		}
		files[entry.Name()] = content
	}
	return files
}
