package grade

import (
	"os"
	"testing"

	"stepwise/cmd/stepwise/internal/box"
)

func TestMain(m *testing.M) {
	box.Enter()
	os.Exit(m.Run())
}
