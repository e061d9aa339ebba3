import QtQuick
import Takeback

// Anything that can be touched. It acts on release inside itself, so a finger can slide off.
Item {
    id: key

    property string label: ""
    property real radius: Theme.radius
    property color ground: Theme.card
    property color edge: Theme.hairline
    property int edgeWidth: Theme.stroke
    property bool faded: !enabled
    readonly property bool touchTarget: true
    readonly property bool held: area.pressed && area.containsMouse
    default property alias content: holder.data

    signal activated

    implicitWidth: Theme.target
    implicitHeight: Theme.target
    activeFocusOnTab: true
    Accessible.role: Accessible.Button
    Accessible.name: label
    Accessible.focusable: true
    Accessible.onPressAction: key.activated()

    Keys.onPressed: event => {
        Theme.keys = true;
        if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter || event.key === Qt.Key_Space) {
            event.accepted = true;
            if (!event.isAutoRepeat)
                key.activated();
        }
    }

    Rectangle {
        id: holder
        anchors.fill: parent
        radius: key.radius
        color: key.ground
        border.width: key.edgeWidth
        border.color: key.edge
        opacity: key.faded ? 0.4 : 1
        scale: key.held ? 0.975 : 1

        Behavior on scale {
            NumberAnimation {
                duration: Theme.motion(90)
            }
        }
    }

    Rectangle {
        anchors.fill: parent
        radius: key.radius
        color: Theme.ink
        opacity: key.held ? 0.1 : 0
    }

    FocusRing {
        around: key
        radius: key.radius + 10
    }

    MouseArea {
        id: area
        anchors.fill: parent
        Accessible.ignored: true
        onPressed: Theme.keys = false
        onClicked: key.activated()
    }
}
