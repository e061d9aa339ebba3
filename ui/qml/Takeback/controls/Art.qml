import QtQuick
import Takeback

// One of our own drawings in the colours of the moment; `drawing` is its file's name.
Image {
    property string drawing: ""
    property string role: "ink"
    property bool turns: false  // points along the reading direction

    source: drawing === "" ? "" : "image://art/" + Theme.scheme + "/" + drawing + "/" + role
    sourceSize: Qt.size(Math.ceil(width * Theme.scale), Math.ceil(height * Theme.scale))
    fillMode: Image.PreserveAspectFit
    mirror: turns && Theme.rightToLeft
    smooth: true
    Accessible.ignored: true
}
