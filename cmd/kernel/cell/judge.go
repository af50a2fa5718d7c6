package cell

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"stepwise/cmd/kernel/display"
	"stepwise/internal/progress"
	"stepwise/pkg/lesson"
	"stepwise/pkg/trial"
)

// A report says of a panic what Go would have said.
func init() { trial.PanicText = panicText }

// judge runs a lesson's cases on what the notebook defines: `%test 09`, or
// `%test 09 W01` for one case.
func (s *Session) judge(argument string) error {
	words := strings.Fields(argument)
	if len(words) == 0 || len(words) > 2 {
		return errors.New("%test: want the number of a lesson: %test 09, or %test 09 W01 for one case")
	}
	l, err := lessonOf(words[0])
	if err != nil {
		return err
	}
	if len(words) == 2 {
		if l, err = only(l, words[1]); err != nil {
			return err
		}
	}
	impl, err := s.implementation(l)
	if err != nil {
		return err
	}
	report := l.Check(impl)
	_, err = fmt.Fprintln(os.Stdout, report)
	if len(words) == 1 && !report.NotStarted {
		err = errors.Join(err, keepVerdict(l, report))
	}
	return err
}

// keepVerdict notes the verdict, if the notebook is one of the course's, in its place.
func keepVerdict(l lesson.Lesson, report trial.Report) error {
	course, found := courseHere()
	if !found {
		return nil
	}
	if err := progress.Add(course, progress.Of(l, report, "%test")); err != nil {
		_, err = fmt.Fprintln(os.Stdout, "your progress is not kept:", err)
		return err
	}
	return nil
}

// courseHere is the course whose notebooks are in the current folder.
func courseHere() (string, bool) {
	here, err := os.Getwd()
	if err != nil {
		return "", false
	}
	course, found := progress.Course(here)
	return course, found && here == filepath.Join(course, "notebooks")
}

// showProgress draws the map of the course, with how far the learner has come: `%progress`.
func showProgress() error {
	course, found := courseHere()
	if !found {
		return errors.New("%progress: the current folder is not the course's notebooks: %cd to it")
	}
	picture, err := progress.Map(course)
	if err != nil {
		return err
	}
	return display.Show(display.MIME(picture.SimpleRender(), nil))
}

// lessonOf is the lesson with that number: "9", "09".
func lessonOf(number string) (lesson.Lesson, error) {
	var there []string
	for _, l := range lesson.All() {
		name := fmt.Sprintf("%02d", l.Number)
		if name == number || name == "0"+number {
			return l, nil
		}
		there = append(there, name)
	}
	return lesson.Lesson{}, fmt.Errorf("%%test: no lesson %s has cases; these have: %s", number, strings.Join(there, ", "))
}

// only is l with one of its cases.
func only(l lesson.Lesson, id string) (lesson.Lesson, error) {
	var ids []string
	for _, c := range l.Cases {
		if strings.EqualFold(c.ID, id) {
			l.Cases = []lesson.Case{c}
			return l, nil
		}
		ids = append(ids, c.ID)
	}
	return l, fmt.Errorf("%%test: lesson %02d has no case %s; it has %s", l.Number, id, strings.Join(ids, ", "))
}

// implementation takes what the lesson judges from the notebook, where it goes
// by the names of the lesson's fields in lesson.Impl, with small letters: Send is
// judged by what send is.
func (s *Session) implementation(l lesson.Lesson) (impl lesson.Impl, err error) {
	for name := range strings.SplitSeq(l.Judges, ", ") {
		if err := s.implement(&impl, l, name); err != nil {
			return impl, err
		}
	}
	return impl, nil
}

// implement fills in one field of impl.
func (s *Session) implement(impl *lesson.Impl, l lesson.Lesson, judged string) error {
	field, _ := reflect.TypeFor[lesson.Impl]().FieldByName(judged)
	name := strings.ToLower(field.Name[:1]) + field.Name[1:]
	// Reflection knows the older names of these two types.
	define := fmt.Sprintf("define `func %s%s` first", name, strings.NewReplacer("uint8", "byte", "interface {}", "any").Replace(strings.TrimPrefix(field.Type.String(), "func")))
	if s.ir.Comp.TryResolve(name) == nil {
		return fmt.Errorf("%%test: lesson %02d judges a function %s, and the notebook has none: %s", l.Number, name, define)
	}
	value := s.ir.ValueOf(name).ReflectValue()
	for value.IsValid() && value.Kind() == reflect.Interface {
		value = value.Elem()
	}
	if !value.IsValid() || !value.Type().AssignableTo(field.Type) {
		return fmt.Errorf("%%test: lesson %02d judges a function %s of another type: %s", l.Number, name, define)
	}
	reflect.ValueOf(impl).Elem().FieldByIndex(field.Index).Set(value)
	return nil
}
