package gradebook

import (
	_ "embed"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
)

// Text writes the book for a terminal: a line for each learner, and below what each one is
// stuck with. Errors are w's, as for the other forms.
func (b Book) Text(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, "learner\tsolved")
	for _, l := range b.Lessons {
		fmt.Fprintf(table, "\t%02d", l.Number)
	}
	fmt.Fprintln(table)
	for _, row := range b.rows() {
		fmt.Fprintf(table, "%s\t%d", row[0].Learner, solved(row))
		for _, e := range row {
			fmt.Fprint(table, "\t", mark(e))
		}
		fmt.Fprintln(table)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	var notes strings.Builder
	for _, e := range b.stuck() {
		fmt.Fprintf(&notes, "%s, %s, %s: %s\n", e.Lesson, e.Learner, words(e), e.Says)
	}
	if notes.Len() > 0 {
		if _, err := fmt.Fprintf(w, "\n%s", notes.String()); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "\n%s\n", b.Source)
	return err
}

// mark is an Entry in a narrow column.
func mark(e Entry) string {
	switch e.State {
	case Solved:
		return "ok"
	case Missing, NotStarted:
		return "-"
	default:
		return e.Short()
	}
}

func words(e Entry) string {
	if e.State == Begun {
		return fmt.Sprintf("%d of %d", e.Passed, e.Of)
	}
	return string(e.State)
}

// JSON writes the entries as an array, by learner and lesson.
func (b Book) JSON(w io.Writer) error {
	all := []Entry{}
	for _, row := range b.rows() {
		all = append(all, row...)
	}
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(all)
}

// CSV writes a line for each entry, below one with the columns' names. No cell begins like a
// formula of a spreadsheet: one that would gets an apostrophe in front, as spreadsheets do it.
func (b Book) CSV(w io.Writer) error {
	out := csv.NewWriter(w)
	lines := [][]string{{"learner", "lesson", "state", "passed", "of", "says"}}
	for _, row := range b.rows() {
		for _, e := range row {
			lines = append(lines, []string{harmless(e.Learner), e.Lesson, string(e.State), strconv.Itoa(e.Passed), strconv.Itoa(e.Of), harmless(e.Says)})
		}
	}
	return out.WriteAll(lines)
}

func harmless(cell string) string {
	if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@") {
		return "'" + cell
	}
	return cell
}

//go:embed page.html
var page string

var pageTemplate = template.Must(template.New("page").Parse(page))

// HTML writes a page of its own, which needs no other file and no script.
func (b Book) HTML(w io.Writer) error {
	type line struct {
		Learner string
		Solved  int
		Row     []Entry
	}
	var lines []line
	for _, row := range b.rows() {
		lines = append(lines, line{row[0].Learner, solved(row), row})
	}
	return pageTemplate.Execute(w, map[string]any{"Lessons": b.Lessons, "Lines": lines, "Stuck": b.stuck(), "Source": b.Source})
}
