// Package files gives tests a folder that keeps files.
package files

import (
	"testing"

	"parley/internal/blob"
)

// Folder opens a folder until the end of the test, and makes it if it is missing.
func Folder(t testing.TB, root string) *blob.Folder {
	t.Helper()
	folder, err := blob.OpenFolder(root)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := folder.Close(); err != nil {
			t.Error(err)
		}
	})
	return folder
}
