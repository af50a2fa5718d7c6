package main

// A whole run, of contestants that no program stands behind.

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// inFolder runs the contests of who in a clone that has nothing but a folder for them.
func inFolder(ctx context.Context, t *testing.T, o options, who ...contestant) (out string, err error) {
	folder := filepath.Join(t.TempDir(), "bench")
	require.NoError(t, os.Mkdir(folder, 0o755))
	t.Chdir(folder)
	b := &bench{ctx: ctx, size: size{rounds: 2}, programs: newPrograms(t.TempDir())}
	var said bytes.Buffer
	err = b.measure([]contest{{name: "echo", works: []Work{{Name: "echo 64×64", Base: "good"}}, contestants: who}}, o, &said, io.Discard)
	return said.String(), err
}

func TestAFullRunIsWrittenIntoItsFolder(t *testing.T) {
	good, _ := always(map[string]sample{"echo 64×64": {2, 0}}, nil)
	out, err := inFolder(t.Context(), t, options{}, contestant{"good", "c/nothing", good})
	require.NoError(t, err)
	assert.Contains(t, out, "Written: results.json, RESULTS.md and bars/ in bench\n")
	r, err := read(".")
	require.NoError(t, err)
	assert.Equal(t, []int{2, 2}, []int{r.Rounds, r.Planned})
	assert.Regexp(t, `^20\d\d-\d\d-\d\d$`, r.Date)
	assert.Contains(t, r.Machine.Go, "go1.")
	assert.NotEmpty(t, r.Machine.CPU)
	assert.Contains(t, r.Machine.Kernel, "Linux ")
}

func TestAMeasurementThatFailsIsAnErrorInTheEnd(t *testing.T) {
	calls := 0
	once := func(*bench, string) (map[string]sample, error) {
		if calls++; calls == 1 {
			return nil, errors.New("no route")
		}
		return map[string]sample{"echo 64×64": {2, 0}}, nil
	}
	out, err := inFolder(t.Context(), t, options{}, contestant{"good", "c/nothing", once})
	assert.EqualError(t, err, "measurements that failed: 1; the list above says why")
	assert.Contains(t, out, "- echo: good: no route\n")
	_, err = read(".")
	assert.NoError(t, err, "the others are written")
}

func TestARunThatIsInterruptedKeepsWhatItHas(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	good, _ := always(map[string]sample{"echo 64×64": {2, 0}}, nil)
	stops := func(*bench, string) (map[string]sample, error) { cancel(); return nil, errors.New("signal: killed") }
	_, err := inFolder(ctx, t, options{}, contestant{"good", "c/nothing", good}, contestant{"stops", "c/nothing", stops})
	assert.ErrorIs(t, err, context.Canceled)
	assert.ErrorContains(t, err, "what was measured until then is in .stepwise/bench")
	r, err := read(made)
	require.NoError(t, err)
	assert.Equal(t, []map[string]float64{{"good": 2}}, r.Works[0].Rounds)
	assert.Equal(t, []int{0, 2}, []int{r.Rounds, r.Planned})
	_, err = read(".")
	assert.ErrorIs(t, err, os.ErrNotExist, "the last full run is not replaced")
}

func TestARunGoesOnIfItsResultsCantBeWritten(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("file", nil, 0o600))
	require.NoError(t, os.Mkdir("bench", 0o755))
	require.NoError(t, os.WriteFile(".stepwise", nil, 0o600), "not a folder")
	t.Chdir("bench")
	var said bytes.Buffer
	save(&Results{}, &said)
	assert.Contains(t, said.String(), "the results so far can't be written: ")
}
