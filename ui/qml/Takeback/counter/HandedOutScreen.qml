import QtQuick
import Takeback

// Done: a sign for it, and what is left to be put back.
Stage {
    id: screen

    readonly property bool good: props.good ?? false
    readonly property bool listed: (props.list?.rows ?? []).length > 0

    needs: listed ? list.least : 300

    Icon {
        anchors.centerIn: parent
        size: Math.min(parent.height, 420)
        visible: !screen.listed
        drawing: screen.good ? "check" : "close"
        role: screen.good ? "positive" : "critical"
    }

    PagedList {
        id: list
        anchors.fill: parent
        visible: screen.listed
        props: screen.props.list ?? ({})
    }
}
