package derive

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestInfo(t *testing.T) {
	require.Equal(t, "\x00\x00\x00\x0fdoublerandom/v1\x00\x00\x00\x06select\x00\x00\x00\x03a/b", Info("select", "a/b"))
	require.NotEqual(t, Info("select", "a", "b"), Info("select", "ab"))
	require.NotEqual(t, Info("select", "a", ""), Info("select", "a"))
}

// TestKey compares with HKDF-Expand written out: one block is
// HMAC(secret, info ‖ 0x01).
func TestKey(t *testing.T) {
	secret := []byte("0123456789abcdef0123456789abcdef")
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(Info("wheel", "370202/C") + "\x01"))
	key, err := Key(sha256.New, secret, "wheel", "370202/C")
	require.NoError(t, err)
	require.Equal(t, hex.EncodeToString(mac.Sum(nil)), hex.EncodeToString(key[:]))
}
