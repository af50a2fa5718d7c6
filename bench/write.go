package main

// Where results go: JSON, the report, bars, and the blocks of the two READMEs that are made
// from the last full run.

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"stepwise/pkg/draw"
)

const resultsFile, reportFile = "results.json", "RESULTS.md"

// write writes r into the folder dir.
func write(dir string, r *Results) error {
	if err := os.MkdirAll(filepath.Join(dir, "bars"), 0o755); err != nil {
		return err
	}
	data, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return err
	}
	files := map[string]string{resultsFile: string(data) + "\n", reportFile: report(r)}
	for _, w := range r.Works {
		if drawn(w) {
			picture := bars(w)
			files[pictureName(w)+".svg"], files[pictureName(w)+".txt"] = picture.SVG(), picture.String()
		}
	}
	for name, content := range files {
		if err := replace(filepath.Join(dir, name), content); err != nil {
			return err
		}
	}
	return nil
}

// replace leaves a whole file, the old or the new one, whenever it is interrupted.
func replace(path, content string) error {
	next := path + ".new"
	if err := os.WriteFile(next, []byte(content), 0o644); err != nil {
		return err
	}
	return os.Rename(next, path)
}

// read returns the run that was written into dir.
func read(dir string) (*Results, error) {
	data, err := os.ReadFile(filepath.Join(dir, resultsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: there was no full run yet; go -C bench run . makes one", err)
	}
	if err != nil {
		return nil, err
	}
	r := new(Results)
	if err := json.Unmarshal(data, r); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, resultsFile), err)
	}
	return r, nil
}

func pictureName(w *Work) string {
	return "bars/" + strings.NewReplacer(" ", "-", "×", "x").Replace(w.Name)
}

// drawn is whether w's figures are times; the bars of pkg/draw have no other unit.
func drawn(w *Work) bool { return strings.HasPrefix(w.Unit, "µs ") }

// bars draws the medians a thousand times as long, so that the words beside them, which are
// rounded, still differ.
func bars(w *Work) *draw.Picture {
	var spans []draw.Span
	for _, who := range w.Contestants {
		if figure, ok := w.Figure(who); ok {
			spans = append(spans, draw.Span{Name: who, To: time.Duration(figure.Median * 1000 * float64(time.Microsecond))})
		}
	}
	return draw.Bars(w.Name+": CPU time, for a thousand", spans)
}

// renew rewrites what the READMEs say of r, between two marks. The clone is at root.
func renew(root string, r *Results) error {
	for name, text := range map[string]string{
		"README.md":       fmt.Sprintf("%s Each figure is a ratio to %s in the same round.\n\n%s", heading(r), cEpoll, ratioTable(r)),
		"bench/README.md": heading(r) + "\n\n" + goalTable(r) + notReached(r),
	} {
		path := filepath.Join(root, name)
		have, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		want, err := replaced(string(have), text)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if err := replace(path, want); err != nil {
			return err
		}
	}
	return nil
}

const beginMark, endMark = "<!-- bench -->\n", "<!-- end of bench -->\n"

// replaced is page with text between its marks.
func replaced(page, text string) (string, error) {
	before, rest, begun := strings.Cut(page, beginMark)
	_, after, ended := strings.Cut(rest, endMark)
	if !begun || !ended {
		return "", fmt.Errorf("want the lines %q and %q, in this order", strings.TrimSpace(beginMark), strings.TrimSpace(endMark))
	}
	return before + beginMark + "\n" + strings.TrimSpace(text) + "\n\n" + endMark + after, nil
}
