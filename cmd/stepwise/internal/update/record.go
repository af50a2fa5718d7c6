// record.go: a note of what a copy was given, so that a later update can tell what the
// learner changed. Read update.go first.

package update

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"stepwise/cmd/stepwise/internal/regular"
)

// recordName is in the folder of everything that the course makes for itself.
const recordName = ".stepwise/course.json"

// sum is the SHA-256 of a file in hexadecimal, "" if there is no file, or notAFile if
// there is something that can't be compared.
type sum string

// notAFile stands for a folder, a link or a device in a file's place. The learner put
// it there, so it is treated as their change.
const notAFile sum = "not a file"

// sumOf returns the sum of the file at path. It doesn't follow a link, which may lead
// out of the copy.
func sumOf(path string) (sum, error) {
	return sumBy(path, os.Lstat, os.ReadFile)
}

// sumIn is sumOf below root.
func sumIn(root *os.Root, name string) (sum, error) { return sumBy(name, root.Lstat, root.ReadFile) }

func sumBy(name string, lstat func(string) (fs.FileInfo, error), read func(string) ([]byte, error)) (sum, error) {
	info, err := lstat(name)
	switch {
	case err != nil && isNotThere(err):
		return "", nil
	case err != nil:
		return "", err
	case !info.Mode().IsRegular():
		return notAFile, nil
	}
	content, err := read(name)
	if err != nil {
		return "", err
	}
	return sumOfBytes(content), nil
}

func sumOfBytes(content []byte) sum {
	return sum(fmt.Sprintf("%x", sha256.Sum256(content)))
}

// record is the content of that file. A version that doesn't know a field drops it.
type record struct {
	Given map[string]sum `json:"given"`
}

// readRecord returns what the copy at dir was given, or nil if there is no record.
func readRecord(dir string) (map[string]sum, error) {
	text, err := regular.ReadFile(filepath.Join(dir, recordName), regular.NoLimit)
	if err != nil && isNotThere(err) {
		return nil, nil
	}
	var r record
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil {
		return nil, fmt.Errorf("reading what your copy was given: %w: remove %s; then every file that differs counts as yours", err, recordName)
	}
	if r.Given == nil {
		r.Given = map[string]sum{}
	}
	return r.Given, nil
}

// bytes returns the content of the record's file.
func (r record) bytes() []byte { return marshal(r) }

func marshal(v any) []byte {
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		panic("update: plain strings could not be written as JSON: " + err.Error())
	}
	return append(text, '\n')
}
