import QtQuick
import QtQuick.Layouts
import Takeback

// A small drawing beside words, as high as their capitals and a little more.
Art {
    property int size: 48 * (Theme.largeText ? 1.25 : 1)

    width: size
    height: size
    // A layout would take the picture's own size for ours, and that follows ours: on a panel of
    // half the dots it would shrink to nothing.
    Layout.preferredWidth: size
    Layout.preferredHeight: size
    turns: drawing === "back" || drawing === "forward" || drawing === "repeat" || drawing === "erase"
}
