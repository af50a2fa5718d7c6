package setup

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A python3 whose venv is a copy of itself, and whose pip does what the test says. It
// notes WHERE it is started, because -m would run a module in that folder.
const venvMaker = `#!/bin/sh
case "$*" in "-m "*) echo "$PWD" >> "$WHERE" ;; esac
case "$*" in
"-m venv --clear "*) /bin/mkdir -p "$4/bin"; /bin/cp "$0" "$4/bin/python" ;;
"-m pip install "*) %PIP% ;;
*) if test -e "$0.installed"; then echo '{"jupyterlab": "4.2", "nbclient": "0.10"}'; else echo '{}'; fi ;;
esac
`

func TestInstallingByPip(t *testing.T) {
	cases := []struct {
		name, pip string
		found     bool
	}{
		{"pip answers", `: > "$0.installed"`, true},
		{"pip reaches no index", `echo no index >&2; exit 1`, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			course := clone(t)
			bin := filepath.Join(course.Dir, "bin")
			fake(t, bin, "python3", strings.ReplaceAll(venvMaker, "%PIP%", c.pip))
			t.Setenv("PATH", bin) // no apt-get, no sudo
			where := filepath.Join(bin, "where")
			t.Setenv("WHERE", where)

			j := course.Jupyter()
			var said []string
			_, err := j.Step().Ready(t.Context(), func(s string) { said = append(said, s) })
			assert.NotEmpty(t, said)
			started, readErr := os.ReadFile(where)
			require.NoError(t, readErr)
			assert.Equal(t, strings.Repeat(course.private()+"\n", 2), string(started), "not in the reader's current folder")
			if c.found {
				require.NoError(t, err)
				assert.Equal(t, course.private("venv", "bin", "python"), j.Python)
				return
			}
			require.ErrorIs(t, err, ErrNoJupyter)
			require.ErrorIs(t, err, ErrNoApt)
			assert.ErrorContains(t, err, "no index", "why pip did not work")
			assert.ErrorContains(t, err, "pip install jupyterlab nbclient", "what to type")
			assert.NoDirExists(t, course.private("venv"), "a half environment would be taken for Jupyter")
		})
	}
}

func TestAptAsRootUpdatesThenInstalls(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("as another user apt goes through sudo")
	}
	dir := t.TempDir()
	log := filepath.Join(dir, "log")
	fake(t, dir, "apt-get", "#!/bin/sh\necho \"$*\" $DEBIAN_FRONTEND >> "+log+"\n")
	t.Setenv("PATH", dir)
	require.NoError(t, apt(t.Context(), func(string) {}, "one", "two"))
	text, err := os.ReadFile(log)
	require.NoError(t, err)
	assert.Equal(t, "update noninteractive\ninstall -y --no-install-recommends one two noninteractive\n", string(text))
}

func TestAptThatFailsSaysWhatItWasFor(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("as another user apt goes through sudo")
	}
	dir := t.TempDir()
	fake(t, dir, "apt-get", "#!/bin/sh\necho E: held >&2; exit 100\n")
	t.Setenv("PATH", dir)
	err := apt(t.Context(), func(string) {}, "gcc")
	require.Error(t, err)
	assert.ErrorContains(t, err, "installing gcc")
	assert.ErrorContains(t, err, "E: held")
}
