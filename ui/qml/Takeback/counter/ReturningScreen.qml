import QtQuick
import Takeback

// The shopper's own screens inside the counter's window: their heading, stage and actions. What is
// touched here goes to the visit; the keys around it stay the counter's.
Stage {
    id: screen

    readonly property var visit: props.visit ?? ({})
    property string current: ""

    needs: Math.max((stage.item as Stage)?.needs ?? 0, side.implicitHeight + Theme.space + actions.implicitHeight)

    onPropsChanged: present()
    Component.onCompleted: {
        Core.before = "visit:";
        present();
    }
    Component.onDestruction: Core.before = ""

    function present(): void {
        const inner = props.inner ?? "";
        if (inner === "")
            return;
        if (inner === current) {
            if (stage.item)
                (stage.item as Stage).props = props.visit;
            return;
        }
        current = inner;
        stage.setSource("../screens/" + inner + "Screen.qml", {
            "props": props.visit
        });
    }

    Heading {
        id: side
        anchors.left: parent.left
        anchors.top: parent.top
        width: 600
        frame: screen.visit
        maximum: actions.y - Theme.space
    }

    Loader {
        id: stage
        anchors.left: side.right
        anchors.leftMargin: 2 * Theme.space
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: parent.bottom
    }

    Actions {
        id: actions
        anchors.left: side.left
        anchors.right: side.right
        anchors.bottom: parent.bottom
        primary: screen.visit.primary ?? ({})
        secondary: screen.visit.secondary ?? []
    }

    Countdown {
        anchors.fill: parent
        countdown: screen.visit.countdown ?? ({})
    }
}
