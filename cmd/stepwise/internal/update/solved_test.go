package update

import (
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/internal/progress"
)

const (
	exercise = "exercises/09_send/send.go"
	oldStub  = "package send\n\n// Send sends.\nfunc Send(s Socket, data []byte) error { return ErrTODO }\n"
	newStub  = "package send\n\n// Send sends all of data.\nfunc Send(to Socket, data []byte) (err error) { return ErrTODO }\n"
	solution = "package send\n\nfunc Send(s Socket, data []byte) error { return rest(s, data) }\n\nfunc rest(s Socket, data []byte) error { return nil }\n"
)

func TestASolvedExercise(t *testing.T) {
	const aside = "exercises/09_send/send.go.yours-2026-11-24"
	cases := []struct {
		name   string
		passed int // cases of two; -1 if it was never judged
		own    string
		newer  string
		want   tree
		kinds  []Kind
	}{
		{"stays when only the words are new", 2, solution, newStub, tree{exercise: solution}, []Kind{Solved}},
		{"stays among types that it has", 2, "type T struct{ n int }\n", "type T struct{}\n", nil, []Kind{Solved}},
		{"moves aside when another function is asked for", 2, solution, newStub + "\nfunc More() {}\n", nil, []Kind{Both}},
		{"moves aside when the function takes more", 2, solution, "package send\n\nfunc Send(s Socket, data []byte, n int) error { return ErrTODO }\n", nil, []Kind{Both}},
		{"moves aside when the function returns more", 2, solution, "package send\n\nfunc Send(s Socket, data []byte) (int, error) { return 0, ErrTODO }\n", nil, []Kind{Both}},
		{"moves aside when the function became a method", 2, solution, "package send\n\nfunc (s Socket) Send(t Socket, data []byte) error { return ErrTODO }\n", nil, []Kind{Both}},
		{"moves aside when a type is new", 2, solution, newStub + "\ntype T struct{}\n", nil, []Kind{Both}},
		{"moves aside when the package has another name", 2, solution, "package sending\n\nfunc Send(s Socket, data []byte) error { return ErrTODO }\n", nil, []Kind{Both}},
		{"moves aside if it is no Go any more", 2, "no Go", newStub, tree{exercise: newStub, aside: "no Go"}, []Kind{Both}},
		{"moves aside while a case fails", 1, solution, newStub, tree{exercise: newStub, aside: solution}, []Kind{Both}},
		{"moves aside if it was never judged", -1, solution, newStub, tree{exercise: newStub, aside: solution}, []Kind{Both}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			own, newer := c.own, c.newer
			if own[:4] == "type" {
				own, newer = "package send\n\n"+own, "package send\n\n"+newer
			}
			to := seeded(t, courseOf(t, tree{exercise: oldStub}))
			tree{exercise: own}.write(t, to)
			if c.passed >= 0 {
				require.NoError(t, progress.Add(to, progress.Verdict{Lesson: "09_send", Passed: c.passed, Of: 2, Door: "go test"}))
			}
			from := courseOf(t, tree{exercise: newer})
			var kinds []Kind
			for _, change := range updated(t, from, to) {
				kinds = append(kinds, change.Kind)
			}
			require.Equal(t, c.kinds, kinds)
			files := read(t, to)
			delete(files, progress.File)
			if c.want != nil {
				require.Equal(t, c.want, files)
			}
			again, err := Compare(from, to)
			require.NoError(t, err)
			require.Empty(t, again.Changes, "it is said once")
		})
	}
}

func TestOtherFilesOfASolvedExerciseAreRenewed(t *testing.T) {
	const test = "exercises/09_send/send_test.go"
	to := seeded(t, courseOf(t, tree{exercise: oldStub, test: "package send // 1"}))
	tree{exercise: solution}.write(t, to)
	require.NoError(t, progress.Add(to, progress.Verdict{Lesson: "09_send", Passed: 2, Of: 2, Door: "go test"}))
	updated(t, courseOf(t, tree{exercise: newStub, test: "package send // 2"}), to)
	files := read(t, to)
	require.Equal(t, solution, files[exercise])
	require.Equal(t, "package send // 2", files[test])
}
