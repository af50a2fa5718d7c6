// Package progress keeps what the judge said of a learner's exercises, in the course's own
// folder: a line for each verdict, whichever door it came through. It knows no names, and
// sends nothing anywhere.
//
//	err := progress.Add(course, progress.Verdict{Lesson: "09_send", Passed: 7, Of: 9, Door: "go test"})
//	standings, err := progress.Read(course)
//
// The file is text, with a tab between two columns, and may be read, edited or deleted. A
// line is written by one write at the file's end, so two programs may write at once.
package progress

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"stepwise/pkg/draw"
	"stepwise/pkg/lesson"
	"stepwise/pkg/trial"
)

// File is the name of the file in the course's folder.
const File = "progress.tsv"

const head = "# What the judge said of your exercises: when, lesson, cases passed, of how many, through which door, the case whose hints help, where to begin\n"

// A Verdict is what the judge said once of a whole exercise.
type Verdict struct {
	When   time.Time // kept to the second; Add takes the present if it is zero
	Lesson string    // "09_send"
	Passed int       // how many cases; 0 to Of
	Of     int       // how many there are; 1 or more
	Door   string    // where it was judged: "go test", "%test", "watch"
	Case   string    // the one whose hints help: "W01"; "" if all pass
	Like   string    // where to begin: "It looks as if your send ignores the count."; "" for none
}

// Of is the Verdict of a report on an exercise of l.
func Of(l lesson.Lesson, r trial.Report, door string) Verdict {
	return Verdict{Lesson: l.Slug(), Passed: len(r.Passed), Of: len(l.Cases), Door: door, Case: r.HintsOf(), Like: r.Advice()}
}

// Solved reports whether every case passed.
func (v Verdict) Solved() bool { return v.Of > 0 && v.Passed == v.Of }

// A Standing is how far an exercise has come.
type Standing struct {
	Tries int     // verdicts so far
	Best  Verdict // the first of those with the fewest cases left
	Last  Verdict
}

// Off is the variable of the environment that keeps Add from writing, if it is not empty: for
// programs that try out solutions that are not the learner's.
const Off = "STEPWISE_PROGRESS_OFF"

// Add appends v to the file of the course in folder course, and makes the file if there is
// none. Errors are the file system's. Any number of programs may call it at once.
func Add(course string, v Verdict) error {
	if os.Getenv(Off) != "" {
		return nil
	}
	if v.When.IsZero() {
		v.When = time.Now()
	}
	if err := v.check(); err != nil {
		return fmt.Errorf("progress: add: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(course, File), os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o644)
	if err != nil {
		return fmt.Errorf("progress: %w", err)
	}
	_, err = f.WriteString(before(f) + v.line())
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("progress: %w", err)
	}
	return nil
}

// before is what must stand before the next line of f: the head in an empty file, and the end
// of a line that a full disk has cut off. Two programs that write it at once do no harm.
func before(f *os.File) string {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return head
	}
	last := make([]byte, 1)
	if _, err := f.ReadAt(last, info.Size()-1); err == nil && last[0] != '\n' {
		return "\n"
	}
	return ""
}

func (v Verdict) check() error {
	if v.Lesson == "" || strings.ContainsAny(v.Lesson+v.Door+v.Case, "\t\n") || v.Of < 1 || v.Passed < 0 || v.Passed > v.Of {
		return fmt.Errorf("%+v is no verdict", v)
	}
	return nil
}

func (v Verdict) line() string {
	like := strings.NewReplacer("\t", " ", "\n", " ").Replace(v.Like)
	return fmt.Sprintf("%s\t%s\t%d\t%d\t%s\t%s\t%s\n", v.When.UTC().Format(time.RFC3339), v.Lesson, v.Passed, v.Of, v.Door, v.Case, like)
}

// Read returns how far each exercise has come, by the lesson's name; empty if there is no
// file. A line that is no verdict, such as half of one after a full disk, is passed over.
func Read(course string) (map[string]Standing, error) {
	f, err := os.Open(filepath.Join(course, File))
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]Standing{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("progress: %w", err)
	}
	defer f.Close()
	all := map[string]Standing{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if v, ok := parse(lines.Text()); ok {
			all[v.Lesson] = all[v.Lesson].with(v)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("progress: %s: %w", f.Name(), err)
	}
	return all, nil
}

func parse(line string) (v Verdict, ok bool) {
	columns := strings.Split(line, "\t")
	if len(columns) != 7 {
		return v, false
	}
	when, err1 := time.Parse(time.RFC3339, columns[0])
	passed, err2 := strconv.Atoi(columns[2])
	of, err3 := strconv.Atoi(columns[3])
	v = Verdict{When: when, Lesson: columns[1], Passed: passed, Of: of, Door: columns[4], Case: columns[5], Like: columns[6]}
	return v, errors.Join(err1, err2, err3, v.check()) == nil
}

// String is the standing in a few words: "solved", "7 of 9 cases".
func (s Standing) String() string {
	if s.Best.Solved() {
		return lesson.Solved
	}
	return fmt.Sprintf("%d of %d cases", s.Best.Passed, s.Best.Of)
}

// Map is the map of the course in folder course, with how far each exercise has come. Errors
// are those of Read.
func Map(course string) (*draw.Picture, error) {
	all, err := Read(course)
	if err != nil {
		return nil, err
	}
	come := map[string]string{}
	for slug, standing := range all {
		come[slug] = standing.String()
	}
	return lesson.MapOf(come), nil
}

// Course is the nearest folder, dir or one above it, that has the course's lessons and
// exercises; false if there is none.
func Course(dir string) (string, bool) {
	dir, err := filepath.Abs(dir)
	for err == nil {
		if isFolder(filepath.Join(dir, "exercises")) && isFolder(filepath.Join(dir, "notebooks")) {
			return dir, true
		}
		up := filepath.Dir(dir)
		if up == dir {
			break
		}
		dir = up
	}
	return "", false
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// with is the standing after one more verdict. The judge may have learned new cases in the
// meantime, so it counts those that are left.
func (s Standing) with(v Verdict) Standing {
	if s.Tries == 0 || v.Of-v.Passed < s.Best.Of-s.Best.Passed {
		s.Best = v
	}
	s.Tries, s.Last = s.Tries+1, v
	return s
}
