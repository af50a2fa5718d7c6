package test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// offline starts a container as compose does, but without a network.
func offline(t *testing.T, options ...string) *container {
	t.Helper()
	c := start(t, append(append([]string{"--network", "none"}, hardened...), options...)...)
	c.ready()
	return c
}

// TestDoors uses the notebooks, go test and the command without a network.
func TestDoors(t *testing.T) {
	c := offline(t)
	t.Run("every notebook runs in Jupyter", func(t *testing.T) {
		names := strings.Fields(c.must("ls notebooks/*.ipynb"))
		require.NotEmpty(t, names)
		for _, name := range names {
			c.must("jupyter-nbconvert --log-level ERROR --execute --to notebook --output-dir /tmp/executed " + name)
			assert.Empty(t, c.must("python3 - /tmp/executed/*.ipynb <<'END'\n"+unexpected+"END\nrm -r /tmp/executed"), name)
		}
	})
	t.Run("go test", func(t *testing.T) { c.must("go test . ./pkg/...") })
	t.Run("go test with the race detector", func(t *testing.T) { c.must("go test -race -run Lesson . && go vet ./...") })
	t.Run("a lesson in the terminal, by the image's own programs", func(t *testing.T) {
		assert.Contains(t, c.must("stepwise run --all 09 </dev/null"), "In [1]")
		assert.Empty(t, c.must("ls .stepwise/bin 2>/dev/null || true"), "a program was built into the learner's folder")
	})
	t.Run("the stepwise command", func(t *testing.T) {
		doctor := c.must("stepwise doctor")
		assert.Contains(t, doctor, "Everything is here")
		assert.Regexp(t, `port +ok +8888 is that of your Jupyter`, doctor)
		assert.Contains(t, c.must("stepwise test --short -run Lesson09"), "stages passed")
	})
}

// unexpected prints the cells of notebooks that failed although they should not.
const unexpected = `
import nbformat, sys
for name in sys.argv[1:]:
    for cell in nbformat.read(name, 4).cells:
        failed = any(o.output_type == "error" for o in cell.get("outputs", []))
        if failed and "raises-exception" not in cell.metadata.get("tags", []):
            print(name, cell.id)
`

// TestAnEditIsTestedAtOnce lists what Go compiles after an edit: the packages that
// depend on it, and nothing of the standard library.
func TestAnEditIsTestedAtOnce(t *testing.T) {
	c := offline(t)
	compiled := func(command string) []string {
		return strings.Fields(c.must(command + ` 2>&1 | grep '/compile ' | sed 's/.* -p \([^ ]*\) .*/\1/' | sort -u`))
	}
	const ours = `^(stepwise(/.*|_test)?|main)$`
	for _, name := range compiled("go build -x ./... && go vet -x . ./pkg/... && go test -race -x -run '^$' . ./pkg/...") {
		assert.Regexp(t, ours, name, "the cache is not warm")
	}
	got := compiled("echo '// mine' >> pkg/sock/send.go && go test -x -run Lesson09 .")
	assert.Contains(t, got, "stepwise/pkg/sock")
	for _, name := range got {
		assert.Regexp(t, ours, name, "compiled after an edit of pkg/sock")
	}
}

// TestGoOwnsItsCache checks that Go can write into its cache, although the cache
// consists of links into the image.
func TestGoOwnsItsCache(t *testing.T) {
	c := offline(t)
	c.must("go build -a internal/cpu") // rewrites an entry of the standard library
	c.must("go clean -cache && go build internal/cpu")
}

func TestStarts(t *testing.T) {
	cases := []struct {
		name    string
		options []string
		check   func(t *testing.T, c *container)
	}{
		{"with nothing said", nil, func(t *testing.T, c *container) {
			assert.Equal(t, "1000:100 jovyan /home/jovyan\n", c.must("echo $(id -u):$(id -g) $(id -un) $HOME"))
			assert.Equal(t, "tini", strings.TrimSpace(c.must("cat /proc/1/comm")))
		}},
		{"as another user, by --user", []string{"--user", "1234:100"}, func(t *testing.T, c *container) {
			assert.Equal(t, "1234:100\n", c.must("stat -c %u:%g notebooks/09-send.ipynb"))
			c.must("go test -run Lesson09 .")
		}},
		{"as another user, by NB_UID and NB_GID", []string{"--user", "root", "--env", "NB_UID=1234", "--env", "NB_GID=5678"},
			func(t *testing.T, c *container) {
				assert.Equal(t, "1234:5678\n", c.must("stat -c %u:%g notebooks/09-send.ipynb"))
				assert.Regexp(t, `Uid:\s+1234\s+1234\s+1234`, c.must("cat /proc/$(pgrep -o jupyter-lab)/status"), "Jupyter is root")
			}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			running := start(t, c.options...)
			running.ready()
			c.check(t, running)
			until(t, "the container is healthy", func() bool { return running.state("Health.Status") == "healthy" })
		})
	}
}

// TestRefuses checks that a start that can't work ends at once, with one sentence
// that says what to do.
func TestRefuses(t *testing.T) {
	const work = "/home/jovyan/work"
	cases := []struct {
		name    string
		options []string
		says    string
	}{
		{"a folder of root's", []string{"--volume", t.TempDir() + ":" + work},
			"sudo chown -R 1000:100"},
		{"NB_UID without being root", []string{"--env", "NB_UID=1234"}, "--user root"},
		{"NB_UID of root", []string{"--user", "root", "--env", "NB_UID=0"}, "NB_UID=0"},
		{"NB_UID that is not a number", []string{"--user", "root", "--env", "NB_UID=me"}, "NB_UID=me"},
		{"no room for the lessons", []string{"--tmpfs", work + ":size=64k,uid=1000"}, "no space left on device"},
		{"no room for Go", []string{"--tmpfs", "/tmp:size=64k"}, "is /tmp full"},
		{"a read-only root without a home", []string{"--read-only", "--tmpfs", "/tmp:exec"}, "can't be written"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			status, log := start(t, c.options...).ended()
			assert.Equal(t, "1", status)
			assert.Contains(t, log, c.says)
			assert.NotContains(t, log, "Traceback")
			last := strings.Split(strings.TrimSpace(log), "\n")
			assert.Regexp(t, `^stepwise: .{20,}`, last[len(last)-1])
		})
	}
}
