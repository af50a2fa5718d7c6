package watch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"stepwise/internal/progress"
	"stepwise/pkg/lesson"
)

// Options say how to watch.
type Options struct {
	Course   string                                         // the clone
	Lesson   *lesson.Lesson                                 // where to begin; nil means where the reader was last
	Reset    func(l lesson.Lesson) (says string, err error) // starts an exercise over
	In       *os.File                                       // the terminal's keys
	Out      io.Writer                                      // the screen
	Terminal bool                                           // whether there is a terminal; without one, results are printed one below the other
}

// Run watches until the reader quits or ctx ends, which is no error.
func Run(ctx context.Context, o Options) error {
	standings, err := progress.Read(o.Course)
	if err != nil {
		return err
	}
	first := begin(standings)
	if o.Lesson != nil {
		first = *o.Lesson
	}
	changes, stop, err := saves(o.Course)
	if err != nil {
		return err
	}
	defer stop()
	if !o.Terminal {
		return o.plain(ctx, first, changes)
	}
	return o.screen(ctx, newModel(first, standings, o.deeds(ctx)), changes)
}

// begin is where the reader was last: the exercise judged last, or the first that isn't solved.
func begin(standings map[string]progress.Standing) lesson.Lesson {
	all := lesson.All()
	best, when := -1, time.Time{}
	for i, l := range all {
		s, begun := standings[l.Slug()]
		switch {
		case begun && s.Last.When.After(when):
			best, when = i, s.Last.When
		case !begun && best < 0:
			best = i
		}
	}
	return all[max(best, 0)]
}

// deeds do what the model asks for. Only one exercise is judged at a time: the next one ends
// the one before.
func (o Options) deeds(ctx context.Context) deeds {
	var mu sync.Mutex
	cancel := func() {}
	return deeds{
		judge: func(l lesson.Lesson) tea.Cmd {
			return func() tea.Msg {
				mu.Lock()
				cancel()
				mine, end := context.WithCancel(ctx)
				cancel = end
				mu.Unlock()
				result := judge(mine, o.Course, l)
				if mine.Err() != nil { // its successor has the word
					return nil
				}
				return result
			}
		},
		open: func(l lesson.Lesson) tea.Cmd {
			file := filepath.Join("exercises", l.Slug(), l.Name+".go")
			editor := exec.Command(editor()[0], append(editor()[1:], file)...)
			editor.Dir = o.Course
			return tea.ExecProcess(editor, func(err error) tea.Msg { return opened{err} })
		},
		reset: o.Reset,
	}
}

// editor is the reader's: $VISUAL, $EDITOR, VS Code, or vi.
func editor() []string {
	for _, name := range []string{"VISUAL", "EDITOR"} {
		if words := strings.Fields(os.Getenv(name)); len(words) > 0 {
			return words
		}
	}
	if _, err := exec.LookPath("code"); err == nil {
		return []string{"code"}
	}
	return []string{"vi"}
}

// screen runs the model on a terminal.
func (o Options) screen(ctx context.Context, m model, changes <-chan lesson.Lesson) error {
	p := tea.NewProgram(m, tea.WithContext(ctx), tea.WithInput(o.In), tea.WithOutput(o.Out), tea.WithAltScreen())
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		for {
			select {
			case l, open := <-changes:
				if !open {
					return
				}
				p.Send(saved(l))
			case <-ended:
				return
			}
		}
	}()
	_, err := p.Run()
	if errors.Is(err, tea.ErrProgramKilled) && ctx.Err() != nil || errors.Is(err, tea.ErrInterrupted) {
		return nil
	}
	return err
}

// plain prints each result below the one before, for a reader without a terminal.
func (o Options) plain(ctx context.Context, first lesson.Lesson, changes <-chan lesson.Lesson) error {
	for l, more := first, true; more; {
		result := judge(ctx, o.Course, l)
		if ctx.Err() != nil {
			return nil
		}
		m := model{lesson: l, outcome: &result, width: 80}
		if _, err := fmt.Fprintf(o.Out, "%s\n%s\n\n", l.Label(), strings.Join(m.result(), "\n\n")); err != nil {
			return err
		}
		select {
		case l, more = <-changes:
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}
