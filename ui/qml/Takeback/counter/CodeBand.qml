import QtQuick
import Takeback
import Takeback.Native

// A code on our screen for somebody else's scanner, dark on white in every scheme, with its text.
Rectangle {
    id: band

    property string code: ""
    property string label: ""   // what it is, for those who do not see it
    property string text: ""    // what stands below, where people may read it out

    implicitWidth: 420
    implicitHeight: 420 + (below.visible ? below.implicitHeight + 12 : 0)
    color: Qt.rgba(1, 1, 1, 1)
    radius: Theme.radius
    border.width: Theme.stroke
    border.color: Theme.hairline
    Accessible.role: Accessible.Graphic
    Accessible.name: label

    QrImage {
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.top: parent.top
        anchors.topMargin: 24
        width: Math.min(parent.width, parent.height - (below.visible ? below.implicitHeight + 12 : 0)) - 48
        height: width
        text: band.code
    }

    Text {
        id: below
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        anchors.bottomMargin: 18
        visible: band.text !== ""
        text: band.text
        color: Qt.rgba(0, 0, 0, 1)
        font.pixelSize: 32
        font.weight: Font.DemiBold
        Accessible.ignored: true
    }
}
