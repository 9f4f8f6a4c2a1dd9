package main

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // image.Decode reads what is registered
	"image/png"

	qr "github.com/piglig/go-qr"
	"golang.org/x/image/draw"

	"github.com/doublerandom/doublerandom/examples/internal/verifier"
)

const (
	quietZone  = 4        // light modules around the code
	moduleSide = 8        // pixels
	scansWell  = 30       // greatest version that level M is taken for
	mostPixels = 50 << 20 // of a picture that is read
)

// printQR returns the QR code of a text, black on white: of level M if version 30
// has room for it, otherwise of L, or of more if that takes no larger code.
func printQR(text string) (verifier.QR, error) {
	segments, err := qr.MakeSegments(text)
	if err != nil {
		return verifier.QR{}, err
	}
	code, err := qr.EncodeSegments(segments, qr.Medium, qr.MinVersion, scansWell, -1, false)
	if err != nil {
		code, err = qr.EncodeSegments(segments, qr.Low, qr.MinVersion, qr.MaxVersion, -1, false)
	}
	if err != nil {
		return verifier.QR{}, err
	}
	version, level := (code.Size()-17)/4, qr.High
	for ; level >= qr.Low; level-- {
		if code, err = qr.EncodeSegments(segments, level, version, version, -1, false); err == nil {
			break
		}
	}
	side := (code.Size() + 2*quietZone) * moduleSide
	picture := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for i := range picture.Pix {
		if code.Module(i%side/moduleSide-quietZone, i/side/moduleSide-quietZone) { // false outside of the code
			picture.Pix[i] = 1
		}
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&out, picture); err != nil {
		return verifier.QR{}, err
	}
	return verifier.QR{PNG: out.Bytes(), Version: version, Level: "LMQH"[level : level+1]}, nil
}

// readQR returns the text of the QR code on a picture.
func readQR(picture []byte) (string, error) {
	config, format, err := image.DecodeConfig(bytes.NewReader(picture))
	if err != nil {
		return "", err
	}
	if int64(config.Width)*int64(config.Height) > mostPixels {
		return "", fmt.Errorf("%s of %d x %d pixels, expected at most %d", format, config.Width, config.Height, mostPixels)
	}
	decoded, _, err := image.Decode(bytes.NewReader(picture))
	if err != nil {
		return "", err
	}
	// A transparent picture is one on white paper.
	gray := image.NewGray(image.Rect(0, 0, config.Width, config.Height))
	draw.Draw(gray, gray.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(gray, gray.Rect, decoded, decoded.Bounds().Min, draw.Over)
	// Where the samples fall on the edges of modules the decoder fails, at any
	// size of code. At another scale they fall elsewhere.
	for _, percent := range []int{100, 200, 150, 70} {
		scaled := gray
		if percent != 100 {
			width, height := config.Width*percent/100, config.Height*percent/100
			if width == 0 || height == 0 || width*height > mostPixels {
				continue
			}
			scaled = image.NewGray(image.Rect(0, 0, width, height))
			draw.CatmullRom.Scale(scaled, scaled.Rect, gray, gray.Rect, draw.Src, nil)
		}
		if text, err := qr.Decode(scaled); err == nil {
			return text, nil
		}
	}
	return "", errors.New("no QR code that can be read: expected one alone, sharp and seen from straight above; the text that another scanner shows does as well")
}
