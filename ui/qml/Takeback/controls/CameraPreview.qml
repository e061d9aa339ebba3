import QtQuick
import Takeback
import Takeback.Native

// What the camera sees; there only while pictures come.
Item {
    id: preview

    readonly property bool live: view.live

    width: 260
    height: 195
    opacity: live ? 1 : 0
    Accessible.ignored: true

    CameraView {
        id: view
        anchors.fill: parent
        radius: 28
        source: Core.bridge?.camera ?? null
    }

    Rectangle {
        anchors.fill: parent
        radius: 28
        color: "transparent"
        border.width: 5
        border.color: Theme.accent
    }
}
