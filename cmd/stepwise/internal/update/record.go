// record.go: what a copy was given, so that a later update can tell what the
// learner changed. Read update.go first.

package update

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"stepwise/cmd/stepwise/internal/regular"
)

// recordName lies in the folder that holds all that the course makes for itself.
const recordName = ".stepwise/course.json"

// sum is the SHA-256 of a file in hexadecimal; "" of one that is not there, and
// notAFile of what can't be compared.
type sum string

// notAFile is what stands for a folder, a link or a device in a file's place.
// It is the learner's doing, and is treated as a change of theirs.
const notAFile sum = "not a file"

// sumOf is the sum of what stands at path. A link is not followed: it may lead
// out of the copy.
func sumOf(path string) (sum, error) {
	return sumBy(path, os.Lstat, func(name string) (*os.File, error) { return os.Open(name) })
}

// sumIn is sumOf below root.
func sumIn(root *os.Root, name string) (sum, error) { return sumBy(name, root.Lstat, root.Open) }

func sumBy(name string, lstat func(string) (fs.FileInfo, error), open func(string) (*os.File, error)) (sum, error) {
	info, err := lstat(name)
	switch {
	case err != nil && isNotThere(err):
		return "", nil
	case err != nil:
		return "", err
	case !info.Mode().IsRegular():
		return notAFile, nil
	}
	f, err := open(name)
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

func sumOfBytes(content []byte) sum {
	hash := sha256.Sum256(content)
	return sum(hex.EncodeToString(hash[:]))
}

// record is the file. A version that doesn't know a field drops it.
type record struct {
	Given map[string]sum `json:"given"`
}

// readRecord returns what the copy at dir was given; nil if nobody noted it.
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
		return nil, fmt.Errorf("reading what your copy was given: %w: remove %s, and every file that differs counts as yours", err, recordName)
	}
	if r.Given == nil {
		r.Given = map[string]sum{}
	}
	return r.Given, nil
}

// bytes is the record's file.
func (r record) bytes() []byte { return marshal(r) }

func marshal(v any) []byte {
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		panic("update: plain strings could not be written as JSON: " + err.Error())
	}
	return append(text, '\n')
}
