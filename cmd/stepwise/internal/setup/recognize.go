// recognize.go: is this very folder a course? Find, in course.go, asks the same
// of a folder and of those above it.

package setup

import (
	"path/filepath"

	"stepwise/cmd/stepwise/internal/regular"
)

// IsCourse reports whether dir itself is the course: whether the go.mod in it
// is the course's. It looks at no folder above dir, runs nothing, and reads
// regular files only.
func IsCourse(dir string) bool {
	text, err := regular.ReadFile(filepath.Join(dir, "go.mod"))
	return err == nil && moduleLine.Match(text)
}
