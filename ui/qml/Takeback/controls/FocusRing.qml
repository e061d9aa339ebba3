import QtQuick
import Takeback

// Where the keyboard is: outside its key, with a gap, so that it stands on the ground's contrast.
Rectangle {
    property Item around: null

    anchors.fill: parent
    anchors.margins: -10
    radius: Theme.radius + 10
    color: "transparent"
    border.width: 6
    border.color: Theme.focus
    visible: around !== null && around.activeFocus && Theme.keys
}
