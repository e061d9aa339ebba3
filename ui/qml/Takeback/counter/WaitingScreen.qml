import QtQuick
import Takeback

// Nothing to do here but wait: a drawing under the words.
Stage {
    id: screen

    needs: 320

    Icon {
        anchors.centerIn: parent
        size: Math.min(parent.height, 420)
        drawing: screen.props.drawing ?? ""
        role: "accent"
    }
}
