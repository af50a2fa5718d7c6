package lab

import (
	"context"
	"fmt"
	"path/filepath"

	"stepwise/cmd/stepwise/internal/child"
)

// Trust signs the notebooks of the folder, as `jupyter trust` does. Jupyter
// shows pictures that came with a notebook only if this user has signed it, or
// has run its cells; of these the user said, by opening the course, that he
// wants them.
func (s Server) Trust(ctx context.Context) error {
	notebooks, err := filepath.Glob(filepath.Join(s.Dir, "*.ipynb"))
	if err != nil || len(notebooks) == 0 {
		return err
	}
	_, err = child.Output(ctx, child.Program{Name: s.Jupyter.Python, Dir: s.Dir, Env: s.Env,
		Args: append([]string{"-m", "nbformat.sign"}, notebooks...)})
	if err != nil {
		return fmt.Errorf("signing the notebooks: %w", err)
	}
	return nil
}
