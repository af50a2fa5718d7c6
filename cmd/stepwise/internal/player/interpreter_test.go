//go:debug gotypesalias=0

package player

// The interpreter, gomacro, knows no aliases as types: whatever links it needs
// the setting above.
