import QtQuick
import Takeback

// The picture's own ground. `design` is the size the picture is composed for; it is scaled to fit,
// so line weights stay alike.
Rectangle {
    id: hero

    property size design: Qt.size(900, 640)
    property real most: 1.25
    default property alias content: scene.data

    radius: 56
    color: Theme.panel
    border.width: Theme.highContrast ? Theme.stroke : 0
    border.color: Theme.outline
    clip: true

    Item {
        id: scene
        anchors.centerIn: parent
        width: hero.design.width
        height: hero.design.height
        scale: Math.max(0.01, Math.min(hero.most, (hero.width - 48) / width, (hero.height - 48) / height))
    }
}
