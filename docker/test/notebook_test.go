package test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// This file handles notebooks as files: it reads committed ones and saves new ones
// as Lab does. Read container_test.go first.

// A lesson counts a committed notebook's code cells, those of them that show
// something, and its pictures.
type lesson struct{ code, withOutput, pictures int }

func committed(t *testing.T, path string) (l lesson) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(clone(t), path))
	require.NoError(t, err)
	var notebook struct {
		Cells []struct {
			Type    string `json:"cell_type"`
			Outputs []struct{ Data map[string]any }
		}
	}
	require.NoError(t, json.Unmarshal(content, &notebook))
	for _, cell := range notebook.Cells {
		if cell.Type == "code" {
			l.code++
		}
		if len(cell.Outputs) > 0 {
			l.withOutput++
		}
		for _, output := range cell.Outputs {
			if output.Data["image/svg+xml"] != nil {
				l.pictures++
			}
		}
	}
	return l
}

// write saves a notebook with these cells, as Lab does.
func (c *container) write(name string, cells ...string) {
	c.t.Helper()
	var all []map[string]any
	for i, source := range cells {
		all = append(all, map[string]any{"cell_type": "code", "id": fmt.Sprintf("cell-%d", i), "metadata": map[string]any{},
			"outputs": []any{}, "execution_count": nil, "source": source})
	}
	c.save(name, all)
}

// save is write for cells that have more than a source.
func (c *container) save(name string, all []map[string]any) {
	c.t.Helper()
	status, raw := c.call("PUT", "/api/contents/"+name, map[string]any{"type": "notebook", "format": "json", "content": map[string]any{
		"cells": all, "nbformat": 4, "nbformat_minor": 5,
		"metadata": map[string]any{"kernelspec": map[string]string{"name": "gophernotes", "display_name": "Go (gophernotes)", "language": "go"}}}}, nil)
	require.Equal(c.t, 201, status, raw)
}
