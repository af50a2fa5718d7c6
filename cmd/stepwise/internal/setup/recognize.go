// recognize.go: is this very folder a course? Find, in course.go, asks the same
// of a folder and of those above it.

package setup

import (
	"os"
	"path/filepath"
)

// IsCourse reports whether dir itself is the course: whether the go.mod in it
// is the course's. It looks at no folder above dir, runs nothing, and reads
// regular files only.
func IsCourse(dir string) bool {
	name := filepath.Join(dir, "go.mod")
	if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() {
		return false
	}
	text, err := os.ReadFile(name)
	return err == nil && moduleLine.Match(text)
}
