import QtQuick
import Takeback

// What only a person can settle.
Stage {
    id: screen

    needs: list.least

    Icon {
        anchors.centerIn: parent
        size: 320
        visible: (screen.props.rows ?? []).length === 0
        drawing: "check"
        role: "positive"
    }

    PagedList {
        id: list
        anchors.fill: parent
        props: screen.props
    }
}
