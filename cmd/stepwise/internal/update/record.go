// record.go: what a copy was given, so that a later update can tell what the
// learner changed. Read update.go first.

package update

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// recordName lies in the folder that holds all that the course makes for itself.
const recordName = ".stepwise/course.json"

// errNotDir is what the system says of a path that goes through a file.
var errNotDir = syscall.ENOTDIR

// sum is the SHA-256 of a file in hexadecimal; "" of one that is not there, and
// notAFile of what can't be compared.
type sum string

// notAFile equals no file's sum: a folder or a link in a file's place is the
// learner's doing, and is treated as a change of his.
const notAFile sum = "not a file"

// sumOf is the sum of what stands at path. A link is not followed: it may lead
// out of the copy.
func sumOf(path string) (sum, error) {
	info, err := os.Lstat(path)
	switch {
	case err != nil && isNotThere(err):
		return "", nil
	case err != nil:
		return "", err
	case !info.Mode().IsRegular():
		return notAFile, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, f); err != nil {
		return "", err
	}
	return sum(hex.EncodeToString(hash.Sum(nil))), nil
}

// record is the file. A version that doesn't know a field drops it.
type record struct {
	Given map[string]sum `json:"given"`
}

// readRecord returns what the copy at dir was given; nil if nobody noted it.
func readRecord(dir string) (map[string]sum, error) {
	text, err := os.ReadFile(filepath.Join(dir, recordName))
	if err != nil && isNotThere(err) {
		return nil, nil
	}
	var r record
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil {
		return nil, fmt.Errorf("reading what your copy was given: %w: remove %s, and every file that differs counts as yours", err, recordName)
	}
	if r.Given == nil {
		r.Given = map[string]sum{}
	}
	return r.Given, nil
}

func writeRecord(root *os.Root, given map[string]sum) error {
	text, err := json.MarshalIndent(record{Given: given}, "", " ")
	if err != nil {
		return err
	}
	return place(root, recordName, append(text, '\n'), 0o644)
}
