package watch

import (
	"errors"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/progress"
	"stepwise/pkg/lesson"
)

// rig is a model whose deeds are noted.
type rig struct {
	model
	deeds []string
	says  string
	err   error
}

func newRig(standings map[string]progress.Standing) *rig {
	r := &rig{}
	note := func(what string) func(l lesson.Lesson) tea.Cmd {
		return func(l lesson.Lesson) tea.Cmd { r.deeds = append(r.deeds, what+" "+l.Slug()); return nil }
	}
	r.model = newModel(lesson.Send, standings, deeds{judge: note("judge"), open: note("open"),
		reset: func(l lesson.Lesson) (string, error) { note("reset")(l); return r.says, r.err }})
	r.Init()
	return r
}

func (r *rig) tell(messages ...tea.Msg) tea.Cmd {
	var last tea.Cmd
	for _, message := range messages {
		var next tea.Model
		next, last = r.Update(message)
		r.model = next.(model)
	}
	return last
}

func (r *rig) press(keys string) (last tea.Cmd) {
	for _, key := range keys {
		last = r.tell(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{key}})
	}
	return last
}

// failing is a send that ignores the count.
var failing = outcome{lesson: lesson.Send, report: progress.Report{
	Verdict:  progress.Verdict{Lesson: "09_send", Passed: 5, Of: 9, Case: "W01", Like: "It looks as if your send ignores the count."},
	Failures: []progress.Failed{{Case: "W01", Name: "the kernel takes a part", Text: "ask the peer what came: got 0 bytes\nwhy it matters: what is left over is lost, and nobody is told"}, {Case: "W02", Name: "b", Text: "c"}},
	NotRun:   2,
}}

var right = outcome{lesson: lesson.Send, report: progress.Report{Verdict: progress.Verdict{Lesson: "09_send", Passed: 9, Of: 9}}}

func TestWhatTheReaderSees(t *testing.T) {
	solved := map[string]progress.Standing{"10_read": {Best: progress.Verdict{Passed: 1, Of: 1}}}
	for _, c := range []struct {
		name string
		do   func(r *rig)
		sees []string
		not  []string
	}{
		{"at first", func(r *rig) {}, []string{"09 send: how much went out?\nexercises/09_send/send.go · 1 of ", "judging …", "h hint"}, nil},
		{"not started", func(r *rig) { r.tell(outcome{lesson: lesson.Send, report: progress.Report{NotStarted: true}}) }, []string{"Not started", "go run ./cmd/stepwise run 09"}, nil},
		{"not started, and a hint", func(r *rig) {
			r.tell(outcome{lesson: lesson.Send, report: progress.Report{NotStarted: true}})
			r.press("h")
		}, []string{"hint 1 for W01"}, nil},
		{"it doesn't compile", func(r *rig) { r.tell(outcome{lesson: lesson.Send, broken: "send.go:9:2: undefined: x"}); r.press("h") }, []string{"send.go:9:2: undefined: x"}, []string{"hint 1"}},
		{"the first failure", func(r *rig) { r.tell(failing) },
			[]string{"It looks as if your send ignores the count.\n\nFAIL  W01  the kernel takes a part\nask the peer", "why it matters", "5 of 9 cases pass; 1 more fail; 2 were not run"}, []string{"W02", "hint 1"}},
		{"a hint more each time", func(r *rig) { r.tell(failing); r.press("hh") }, []string{"hint 1 for W01: ", "hint 2 for W01: "}, []string{"hint 3"}},
		{"no fourth hint", func(r *rig) { r.tell(failing); r.press("hhhhh") }, []string{"hint 3 for W01: "}, []string{"hint 4"}},
		{"solved", func(r *rig) { r.tell(failing); r.press("h"); r.tell(right) }, []string{"Solved: every case passes", " · 2 of "}, []string{"hint 1", "FAIL"}},
		{"the verdict on another exercise comes late", func(r *rig) { r.tell(saved(lesson.Read), failing) }, []string{"10 read", "judging …"}, []string{"FAIL"}},
		{"a save judges anew", func(r *rig) { r.tell(failing, saved(lesson.Send)) }, []string{"judging …"}, []string{"FAIL"}},
		{"the list", func(r *rig) { r.tell(failing); r.press("l") }, []string{"> 09 send\n", "  10 read          solved\n"}, []string{"FAIL"}},
		{"the list goes", func(r *rig) { r.tell(failing); r.press("ll") }, []string{"FAIL"}, []string{"> 09"}},
		{"start over?", func(r *rig) { r.tell(failing); r.press("r") }, []string{"Start 09 send over? Yours is kept under a dated name. [y/N]"}, nil},
		{"no", func(r *rig) { r.press("rn") }, []string{"nothing was changed"}, []string{"[y/N]"}},
		{"started over", func(r *rig) { r.says = "yours is there"; r.press("hry") }, []string{"yours is there", "judging …"}, []string{"hint 1"}},
		{"it can't be started over", func(r *rig) { r.tell(failing); r.err = errors.New("no original"); r.press("ry") }, []string{"no original", "FAIL"}, nil},
		{"an editor that fails", func(r *rig) { r.tell(failing, opened{errors.New("no vi")}) }, []string{"the editor: no vi"}, nil},
		{"an editor that doesn't", func(r *rig) { r.tell(failing, opened{}) }, nil, []string{"the editor"}},
		{"what a key says goes with the next", func(r *rig) { r.press("rnx") }, nil, []string{"nothing was changed"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(solved)
			c.do(r)
			for _, width := range []int{80, 60, 10} {
				r.tell(tea.WindowSizeMsg{Width: width, Height: 24})
				for line := range strings.Lines(r.View()) {
					assert.LessOrEqual(t, ansi.StringWidth(strings.TrimRight(line, "\n")), max(width, 20), line)
				}
			}
			r.tell(tea.WindowSizeMsg{Width: 200, Height: 24})
			for _, part := range c.sees {
				assert.Contains(t, r.View(), part)
			}
			for _, part := range c.not {
				assert.NotContains(t, r.View(), part)
			}
		})
	}
}

func TestWhatKeysDo(t *testing.T) {
	all := map[string]progress.Standing{}
	for _, l := range lesson.All() {
		all[l.Slug()] = progress.Standing{Best: progress.Verdict{Passed: 1, Of: 1}}
	}
	delete(all, "09_send")
	first := map[string]progress.Standing{"10_read": {Best: progress.Verdict{Passed: 1, Of: 1}}}
	for _, c := range []struct {
		name      string
		standings map[string]progress.Standing
		do        func(r *rig)
		want      []string
	}{
		{"it judges at first", nil, func(r *rig) {}, []string{"judge 09_send"}},
		{"next", nil, func(r *rig) { r.press("n") }, []string{"judge 09_send", "judge 10_read"}},
		{"next, past one that is solved", first, func(r *rig) { r.press("n") }, []string{"judge 09_send", "judge 11_read_all"}},
		{"next, when nothing is left", all, func(r *rig) { r.press("n") }, []string{"judge 09_send"}},
		{"the last one, and then the first", nil, func(r *rig) { r.tell(saved(lesson.All()[len(lesson.All())-1])); r.deeds = nil; r.press("n") }, []string{"judge 01_blocking"}},
		{"open", nil, func(r *rig) { r.press("o") }, []string{"judge 09_send", "open 09_send"}},
		{"start over", nil, func(r *rig) { r.press("rY") }, []string{"judge 09_send", "reset 09_send", "judge 09_send"}},
		{"don't start over", nil, func(r *rig) { r.press("rq") }, []string{"judge 09_send"}},
		{"a save of another exercise", nil, func(r *rig) { r.tell(saved(lesson.Read)) }, []string{"judge 09_send", "judge 10_read"}},
		{"no other key does anything", nil, func(r *rig) { r.press("xyz1 ") }, []string{"judge 09_send"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(c.standings)
			c.do(r)
			require.Equal(t, c.want, r.deeds)
		})
	}
	t.Run("quit", func(t *testing.T) {
		require.Equal(t, tea.Quit(), newRig(nil).press("q")())
		require.Equal(t, tea.Quit(), newRig(nil).tell(tea.KeyMsg{Type: tea.KeyCtrlC})())
	})
}

func TestWhereItBegins(t *testing.T) {
	at := func(minute int) progress.Standing {
		return progress.Standing{Last: progress.Verdict{When: noon.Add(minutes(minute))}}
	}
	require.Equal(t, "01_blocking", slug(begin(nil)))
	require.Equal(t, "10_read", slug(begin(map[string]progress.Standing{"09_send": at(1), "10_read": at(2), "11_read_all": at(0)})))
}
