import QtQuick
import Takeback

// Somebody draws their name.
Stage {
    id: screen

    needs: 320

    SignaturePad {
        anchors.centerIn: parent
        width: Math.min(parent.width, parent.height * 3)
        height: width / 3
        strokes: screen.props.strokes ?? []
        label: screen.props.field ?? ""
    }
}
