package build

import (
	"encoding/json"
	"slices"
)

// SpecName is the name of a kernelspec's folder, and the kernelspec.name of every
// notebook. They must be equal, or Jupyter asks the reader to choose a kernel.
const SpecName = "gophernotes"

// DisplayName is what Jupyter shows in its menus.
const DisplayName = "Go (gophernotes)"

// KernelSpec returns the content of kernel.json for the kernel at binary, which
// should be an absolute path: Jupyter starts it from the notebook's folder. launcher
// is a command that starts the kernel's own, such as nice; there may be none.
func KernelSpec(binary string, launcher ...string) []byte {
	text, err := json.MarshalIndent(map[string]any{
		"argv":           append(slices.Clip(launcher), binary, "{connection_file}"),
		"display_name":   DisplayName,
		"language":       "go",
		"interrupt_mode": "message",
	}, "", "  ")
	if err != nil {
		panic("build: a kernelspec of plain strings could not be written: " + err.Error())
	}
	return append(text, '\n')
}
