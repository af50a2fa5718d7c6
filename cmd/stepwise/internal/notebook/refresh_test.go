package notebook

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRefreshedKeepsWhatDiffersOnlyByChance(t *testing.T) {
	old := sample(prose("a", "# A"), code("b", "x", stdout("on 127.0.0.1:43211\n")), code("c", "y", stdout("7\n")))
	chance := sample(prose("a", "# A"), code("b", "x", stdout("on 127.0.0.1:51002\n")), code("c", "y", stdout("7\n")))
	changed := sample(prose("a", "# A"), code("b", "x", stdout("on 127.0.0.1:51002\n")), code("c", "y", stdout("8\n")))

	assert.Equal(t, string(old.Bytes()), string(Refreshed(old, chance, false).Bytes()), "nothing to commit")
	assert.Equal(t, string(chance.Bytes()), string(Refreshed(old, chance, true).Bytes()), "always means always")
	assert.Equal(t, string(changed.Bytes()), string(Refreshed(old, changed, false).Bytes()), "all or none")
}

func TestRefreshedIsInOneForm(t *testing.T) {
	nine := 9
	old := &Notebook{Path: "09-send.ipynb", Nbformat: 4, NbformatMinor: 4, Metadata: map[string]any{"toc": true}, Cells: []Cell{
		{Type: "markdown", Source: "# A"},
		{Type: "code", Source: "1", Metadata: map[string]any{"scrolled": true, "execution": map[string]any{}, "tags": []any{"hard"}}},
		tagged(code("kept", "z", stdout("shown")), TagSkip),
		{ID: "d", Type: "code", Source: "2"},
		{ID: "d", Type: "code", Source: "2"},
	}}
	fresh := sample(old.Cells...)
	fresh.Cells[1].Outputs = []Output{stdout("a\n"), stdout("b\n"), {Type: "execute_result", ExecutionCount: &nine, Data: map[string]any{"text/plain": "7"}}}

	got := Refreshed(old, fresh, false)
	assert.Empty(t, Lint(got))
	assert.Equal(t, []Output{stdout("a\nb\n"), {Type: "execute_result", ExecutionCount: got.Cells[1].ExecutionCount, Data: map[string]any{"text/plain": "7"}}}, got.Cells[1].Outputs)
	assert.Equal(t, 1, *got.Cells[1].ExecutionCount)
	assert.Equal(t, map[string]any{"tags": []any{"hard"}}, got.Cells[1].Metadata)
	assert.Nil(t, got.Cells[2].ExecutionCount, "skipped")
	assert.Equal(t, []Output{stdout("shown")}, got.Cells[2].Outputs)
	assert.Equal(t, "d", got.Cells[3].ID, "a good id is kept")
	assert.Equal(t, 3, *got.Cells[4].ExecutionCount)
	assert.Equal(t, map[string]any{"scrolled": true, "execution": map[string]any{}, "tags": []any{"hard"}}, old.Cells[1].Metadata, "the original is left alone")

	again := Refreshed(got, got, true)
	assert.Equal(t, string(got.Bytes()), string(again.Bytes()), "a second refresh changes nothing")
}

func TestNewIDsAreTheSameForEveryone(t *testing.T) {
	nb := &Notebook{Nbformat: 4, Cells: []Cell{{Type: "code", Source: "x"}, {Type: "code", Source: "x"}, {Type: "markdown", Source: "x"}}}
	one, two := Normal(nb), Normal(nb)
	seen := make(map[string]bool)
	for i := range one.Cells {
		require.Equal(t, one.Cells[i].ID, two.Cells[i].ID)
		assert.False(t, seen[one.Cells[i].ID])
		seen[one.Cells[i].ID] = true
	}
}
