package test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"text/template"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

// This file checks hub/values.yaml as far as that is possible without its chart:
// it is YAML, and it lets nobody in until somebody has chosen a way to log in.

// values has the fields of hub/values.yaml that the tests read.
type values struct {
	Hub struct {
		Config      map[string]map[string]any
		ExtraConfig map[string]string `yaml:"extraConfig"`
	}
	Proxy struct {
		Chp struct {
			Flags []string `yaml:"extraCommandLineFlags"`
		}
	}
}

func readValues(t *testing.T) (v values) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(clone(t), "docker/hub/values.yaml"))
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(content, &v))
	return v
}

// waysIn are choices that let anybody in, and others that don't.
var waysIn = []struct {
	name   string
	chosen any // nil: not set
	open   bool
}{
	{"none", nil, true},
	{"an empty one", "", true},
	{"the chart's own choice", "dummy", true},
	{"the same in capitals", "Dummy", true},
	{"the same by its class", "jupyterhub.auth.DummyAuthenticator", true},
	{"the same by its class's newer place", "jupyterhub.authenticators.dummy.DummyAuthenticator", true},
	{"an account elsewhere", "github", false},
	{"a class of an account elsewhere", "ldapauthenticator.LDAPAuthenticator", false},
}

func TestValuesChooseNoWayIn(t *testing.T) {
	config := readValues(t).Hub.Config
	assert.Equal(t, "", config["JupyterHub"]["authenticator_class"])
	assert.Len(t, config, 1, "an authenticator is set up that nobody has chosen")
}

// TestHelmStopsWithoutAWayIn renders the flag as helm does: with text/template
// and helm's functions fail, lower and contains.
func TestHelmStopsWithoutAWayIn(t *testing.T) {
	flags := readValues(t).Proxy.Chp.Flags
	require.Len(t, flags, 1)
	fail := func(sentence string) (string, error) { return "", errors.New(sentence) }
	contains := func(part, text string) bool { return strings.Contains(text, part) }
	flag, err := template.New("").Funcs(template.FuncMap{"fail": fail, "lower": strings.ToLower, "contains": contains}).Parse(flags[0])
	require.NoError(t, err)
	for _, way := range waysIn {
		t.Run(way.name, func(t *testing.T) {
			hub := map[string]any{}
			if way.chosen != nil {
				hub["authenticator_class"] = way.chosen
			}
			var out strings.Builder
			err := flag.Execute(&out, map[string]any{"Values": map[string]any{
				"hub": map[string]any{"config": map[string]any{"JupyterHub": hub}}}})
			if way.open {
				require.Error(t, err)
				assert.Contains(t, err.Error(), "no way to log in is chosen, so anybody could enter: set hub.config.JupyterHub.authenticator_class")
				return
			}
			require.NoError(t, err)
			assert.Equal(t, "--log-level=info", out.String(), "the proxy's own flag, and nothing else")
		})
	}
}

// TestTheHubStopsWithoutAWayIn runs the second check as the chart's Hub does, as
// a part of its configuration.
func TestTheHubStopsWithoutAWayIn(t *testing.T) {
	check := readValues(t).Hub.ExtraConfig["way-in"]
	require.NotEmpty(t, check)
	for _, way := range waysIn {
		t.Run(way.name, func(t *testing.T) {
			script := "from traitlets.config import Config\nc = Config()\n"
			if chosen, ok := way.chosen.(string); ok {
				script += "c.JupyterHub.authenticator_class = '" + chosen + "'\n"
			}
			r := dockerIn(t, script+check, "run", "--rm", "--interactive", "--network", "none", "--entrypoint", "python3", image(), "-")
			if way.open {
				assert.Equal(t, 1, r.status, r.stderr)
				assert.Contains(t, r.stderr, "No way to log in is chosen: set hub.config.JupyterHub.authenticator_class")
				return
			}
			assert.Zero(t, r.status, r.stderr)
		})
	}
}
