package watch

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"stepwise/cmd/stepwise/internal/setup"
	"stepwise/internal/progress"
	"stepwise/pkg/lesson"
)

// model is what the reader sees, and what their keys do. It does nothing itself: it asks by
// commands, and learns of what happens by messages.
//
// Invariant: outcome is about lesson, or is empty while that is being judged.
type model struct {
	lesson  lesson.Lesson
	outcome *outcome // nil while it is being judged
	solved  map[string]bool
	hints   int    // how many of the case's hints are shown
	list    bool   // the list of lessons is shown instead
	asks    bool   // whether to start over; the next key answers
	says    string // one line about what a key has done

	width int
	do    deeds
}

// deeds are what a model can ask for.
type deeds struct {
	judge func(l lesson.Lesson) tea.Cmd
	open  func(l lesson.Lesson) tea.Cmd
	reset func(l lesson.Lesson) (says string, err error)
}

// What happens to a model, besides keys and sizes.
type (
	saved  lesson.Lesson // an exercise was saved
	opened struct{ err error }
)

func newModel(l lesson.Lesson, standings map[string]progress.Standing, do deeds) model {
	m := model{lesson: l, solved: map[string]bool{}, width: 80, do: do}
	for slug, s := range standings {
		m.solved[slug] = s.Best.Solved()
	}
	return m
}

// Init judges the exercise where the reader was last.
func (m model) Init() tea.Cmd { return m.do.judge(m.lesson) }

// Update is what a message changes.
func (m model) Update(message tea.Msg) (tea.Model, tea.Cmd) {
	switch message := message.(type) {
	case tea.WindowSizeMsg:
		m.width = max(message.Width, 20)
	case saved:
		return m.turnTo(lesson.Lesson(message))
	case outcome:
		if message.lesson.Number == m.lesson.Number {
			m.outcome = &message
		}
		if message.judged() && message.report.Verdict.Solved() {
			m.solved[message.lesson.Slug()] = true
		}
	case opened:
		if message.err != nil {
			m.says = "the editor: " + message.err.Error()
		}
	case tea.KeyMsg:
		return m.key(message.String())
	}
	return m, nil
}

// turnTo judges l, which may be the same lesson again.
func (m model) turnTo(l lesson.Lesson) (tea.Model, tea.Cmd) {
	if l.Number != m.lesson.Number {
		m.hints = 0
	}
	m.lesson, m.outcome, m.list, m.asks, m.says = l, nil, false, false, ""
	return m, m.do.judge(l)
}

func (m model) key(key string) (tea.Model, tea.Cmd) {
	m.says = ""
	if m.asks {
		m.asks = false
		if key != "y" && key != "Y" {
			m.says = "nothing was changed"
			return m, nil
		}
		return m.startOver()
	}
	switch key {
	case "q", "ctrl+c":
		return m, tea.Quit
	case "h":
		m.hints, m.list = min(m.hints+1, len(lesson.Hints{})), false
	case "l":
		m.list = !m.list
	case "n":
		return m.next()
	case "r":
		m.asks = true
	case "o":
		return m, m.do.open(m.lesson)
	}
	return m, nil
}

func (m model) startOver() (tea.Model, tea.Cmd) {
	says, err := m.do.reset(m.lesson)
	if err != nil {
		m.says = err.Error()
		return m, nil
	}
	turned, judging := m.turnTo(m.lesson)
	m = turned.(model)
	m.hints, m.says = 0, says
	return m, judging
}

// next turns to the next exercise that isn't solved, after this one if there is one.
func (m model) next() (tea.Model, tea.Cmd) {
	all := lesson.All()
	at := slices.IndexFunc(all, func(l lesson.Lesson) bool { return l.Number == m.lesson.Number })
	for _, l := range append(all[at+1:], all[:at]...) {
		if !m.solved[l.Slug()] {
			return m.turnTo(l)
		}
	}
	m.says = "you have solved every other exercise"
	return m, nil
}

// View is the whole screen.
func (m model) View() string {
	parts := []string{m.head()}
	switch {
	case m.list:
		parts = append(parts, m.lessons())
	case m.outcome == nil:
		parts = append(parts, "judging …")
	default:
		parts = append(parts, m.result()...)
	}
	if m.asks {
		parts = append(parts, "Start "+m.lesson.Label()+" over? Yours is kept under a dated name. [y/N]")
	}
	if m.says != "" {
		parts = append(parts, m.says)
	}
	parts = append(parts, "h hint · l list · n next · r reset · o open · q quit")
	for i := range parts {
		parts[i] = ansi.Wrap(parts[i], m.width, " ")
	}
	return strings.Join(parts, "\n\n") + "\n"
}

func (m model) head() string {
	done := 0
	for _, l := range lesson.All() {
		if m.solved[l.Slug()] {
			done++
		}
	}
	return fmt.Sprintf("%s\nexercises/%s/%s.go · %d of %d solved", ansi.Truncate(m.lesson.Label()+": "+m.lesson.Question, m.width, "…"), m.lesson.Slug(), m.lesson.Name, done, len(lesson.All()))
}

// result tells the first failure, and how to go on.
func (m model) result() (parts []string) {
	o := m.outcome
	v := o.report.Verdict
	switch {
	case o.broken != "":
		return []string{o.broken}
	case o.report.NotStarted:
		parts = []string{"Not started: write the function, and save the file. Its lesson: go run ./cmd/stepwise run " + fmt.Sprintf("%02d", m.lesson.Number)}
	case v.Solved():
		return []string{"Solved: every case passes. Press n for the next exercise."}
	default:
		first := o.report.Failures[0]
		parts = []string{v.Like, fmt.Sprintf("FAIL  %s  %s\n%s", first.Case, first.Name, first.Text), m.count()}
	}
	return append(parts, m.hinted()...)
}

func (m model) count() string {
	v := m.outcome.report.Verdict
	text := fmt.Sprintf("%d of %s pass", v.Passed, setup.Count(v.Of, "case"))
	if more := len(m.outcome.report.Failures) - 1; more > 0 {
		text += fmt.Sprintf("; %d more fail", more)
	}
	if n := m.outcome.report.NotRun; n > 0 {
		text += fmt.Sprintf("; %d were not run", n)
	}
	return text
}

// hinted are the hints that the reader has asked for.
func (m model) hinted() (parts []string) {
	id := m.outcome.report.Verdict.Case
	if id == "" {
		id = m.lesson.Cases[0].ID
	}
	for n := range m.hints {
		parts = append(parts, fmt.Sprintf("hint %d for %s: %s", n+1, id, m.lesson.Hint(id, n+1)))
	}
	return parts
}

func (m model) lessons() string {
	var lines []string
	for _, l := range lesson.All() {
		mark, state := "  ", ""
		if l.Number == m.lesson.Number {
			mark = "> "
		}
		if m.solved[l.Slug()] {
			state = "solved"
		}
		lines = append(lines, strings.TrimRight(fmt.Sprintf("%s%-16s %s", mark, l.Label(), state), " "))
	}
	return strings.Join(lines, "\n")
}
