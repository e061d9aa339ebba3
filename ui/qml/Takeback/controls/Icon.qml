import QtQuick
import Takeback

// A small drawing beside words, as high as their capitals and a little more.
Art {
    property int size: 48 * (Theme.largeText ? 1.25 : 1)

    width: size
    height: size
    turns: drawing === "back" || drawing === "forward" || drawing === "repeat" || drawing === "erase"
}
