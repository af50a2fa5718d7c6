package build

import "encoding/json"

// SpecName is the folder that a kernelspec lies in, and the kernelspec.name that
// stands in every notebook. The two must be equal, or Jupyter asks the reader
// which kernel he means.
const SpecName = "gophernotes"

// DisplayName is what Jupyter shows in its menus.
const DisplayName = "Go (gophernotes)"

// KernelSpec returns the content of kernel.json for the kernel at binary, which
// should be an absolute path: Jupyter starts it from the notebook's folder.
func KernelSpec(binary string) []byte {
	text, err := json.MarshalIndent(map[string]any{
		"argv":           []string{binary, "{connection_file}"},
		"display_name":   DisplayName,
		"language":       "go",
		"interrupt_mode": "message",
	}, "", "  ")
	if err != nil {
		panic("build: a kernelspec of plain strings could not be written: " + err.Error())
	}
	return append(text, '\n')
}
