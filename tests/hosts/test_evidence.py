"""Trees, and the tags that each file with nft calls gets in them: none missed, none false."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nftlint.configs import Options
from nftlint.hosts import survey
from nftlint.lint import lint
from nftlint.output.regions import Places
from nftlint.results import Result

Tree = Callable[[str], Path]

ROLES = """
=== roles/k3s/tasks/main.yml
- shell: curl -sfL https://get.k3s.io | sh -
=== roles/fw/tasks/main.yml
- command: NFT
"""

TREES = {
    "a play's roles share its hosts": (
        "=== site.yml\n- hosts: nodes\n  roles: [k3s, fw]\n" + ROLES,
        {"roles/fw/tasks/main.yml": "k3s"},
    ),
    "another play on the same hosts, by the inventory": (
        "=== hosts\n[nodes]\na\nb\n[edge]\nb\n[other]\nc\n"
        "=== site.yml\n- hosts: nodes\n  roles: [k3s]\n- hosts: edge\n  roles: [fw]\n" + ROLES,
        {"roles/fw/tasks/main.yml": "k3s"},
    ),
    "a play on other hosts": (
        "=== hosts\n[nodes]\na\n[other]\nc\n"
        "=== site.yml\n- hosts: nodes\n  roles: [k3s]\n- hosts: other\n  roles: [fw]\n" + ROLES,
        {"roles/fw/tasks/main.yml": ""},
    ),
    "all but the nodes": (
        "=== hosts\n[nodes]\na\n[other]\nc\n"
        "=== site.yml\n- hosts: nodes\n  roles: [k3s]\n- hosts: all:!nodes\n  roles: [fw]\n"
        + ROLES,
        {"roles/fw/tasks/main.yml": ""},
    ),
    "without inventory, all holds the nodes": (
        "=== site.yml\n- hosts: nodes\n  roles: [k3s]\n- hosts: all\n  roles: [fw]\n" + ROLES,
        {"roles/fw/tasks/main.yml": "k3s"},
    ),
    "a template is not taken for all": (
        "=== site.yml\n- hosts: nodes\n  roles: [k3s]\n- hosts: '{{ x }}'\n  roles: [fw]\n" + ROLES,
        {"roles/fw/tasks/main.yml": ""},
    ),
    "a template with the installer in the play": (
        "=== site.yml\n- hosts: '{{ x }}'\n  roles: [k3s, fw]\n" + ROLES,
        {"roles/fw/tasks/main.yml": "k3s"},
    ),
    "a play's own tasks, and only that play's": (
        (
            "=== site.yml\n- hosts: k3s_cluster\n  tasks:\n  - command: NFT\n"
            "- hosts: bastion\n  tasks:\n  - command: NFT\n"
        ),
        {"site.yml": "k3s", "site.yml:4": ""},
    ),
    "handlers, templates and scripts": (
        (
            "=== site.yml\n- hosts: k3s_cluster\n  roles: [fw]\n"
            "=== roles/fw/tasks/main.yml\n- script: fw.sh\n"
            "- template: {src: fw.sh.j2, dest: /fw.sh}\n"
            "- import_tasks: more.yml\n"
            "=== roles/fw/handlers/main.yml\n- command: NFT\n"
            "=== roles/fw/files/fw.sh\nNFT\n=== roles/fw/tasks/more.yml\n- command: NFT\n"
        ),
        {
            "roles/fw/handlers/main.yml": "k3s",
            "roles/fw/files/fw.sh": "k3s",
            "roles/fw/tasks/more.yml": "k3s",
        },
    ),
    "dependencies of roles": (
        (
            "=== site.yml\n- hosts: k3s_cluster\n  roles: [top]\n"
            "=== roles/top/tasks/main.yml\n- debug: {}\n"
            "=== roles/top/meta/main.yml\ndependencies:\n  - role: fw\n"
            "=== roles/fw/tasks/main.yml\n- command: NFT\n"
        ),
        {"roles/fw/tasks/main.yml": "k3s"},
    ),
    "kubespray with kube-router": (
        (
            "=== inventory/x/hosts.ini\n[kube_node]\na\n[bastion]\nb\n"
            "=== inventory/x/group_vars/kube_node/net.yml\nkube_network_plugin: kube-router\n"
            "=== fw.yml\n- hosts: kube_node\n  tasks: [{command: NFT2}]\n"
            "=== b.yml\n- hosts: bastion\n  tasks: [{command: NFT2}]\n"
        ),
        {"fw.yml": "kube-router", "b.yml": ""},
    ),
    "kubespray's variable for all tags the nodes only": (
        (
            "=== inventory/x/hosts.ini\n[kube_node]\na\n[bastion]\nb\n"
            "=== inventory/x/group_vars/all.yml\nkube_network_plugin: kube-router\n"
            "=== fw.yml\n- hosts: kube_node\n  tasks: [{command: NFT2}]\n"
            "=== b.yml\n- hosts: bastion\n  tasks: [{command: NFT2}]\n"
        ),
        {"fw.yml": "kube-router", "b.yml": ""},
    ),
    "an inventory that is still to be filled in": (
        (
            "=== inventory/x/hosts.ini\n[kube_node]\n# a\n[bastion]\n[k8s_cluster:children]\n"
            "kube_node\n"
            "=== inventory/x/group_vars/k8s_cluster.yml\nkube_network_plugin: kube-router\n"
            "=== fw.yml\n- hosts: kube_node\n  tasks: [{command: NFT2}]\n"
            "=== b.yml\n- hosts: bastion\n  tasks: [{command: NFT2}]\n"
        ),
        {"fw.yml": "kube-router", "b.yml": ""},
    ),
    "a group that comes to be at run time": (
        (
            "=== inventory/x/hosts.ini\n[kube_node]\na\n"
            "=== inventory/x/group_vars/k8s_cluster.yml\nkube_network_plugin: kube-router\n"
            "=== fw.yml\n- hosts: k8s_cluster\n  tasks: [{command: NFT2}]\n"
            "=== b.yml\n- hosts: etcd\n  tasks: [{command: NFT2}]\n"
        ),
        {"fw.yml": "kube-router", "b.yml": ""},
    ),
    "kubespray with calico": (
        (
            "=== inventory/x/hosts.ini\n[kube_node]\na\n"
            "=== inventory/x/group_vars/all.yml\nkube_network_plugin: calico\n"
            "=== roles/net/tasks/main.yml\n- shell: crictl pull cloudnativelabs/kube-router:v2.1\n"
            "=== fw.yml\n- hosts: kube_node\n  roles: [net]\n"
            "  tasks: [{command: NFT2}]\n"
        ),
        {"fw.yml": ""},
    ),
    "a group's variable outweighs a role's default": (
        (
            "=== inventory/x/hosts.ini\n[kube_node]\na\n"
            "=== inventory/x/group_vars/kube_node.yml\nkube_network_plugin: kube-router\n"
            "=== roles/net/defaults/main.yml\nkube_network_plugin: calico\n"
            "=== roles/net/tasks/main.yml\n- debug: {}\n"
            "=== fw.yml\n- hosts: kube_node\n  roles: [net]\n"
            "  tasks: [{command: NFT2}]\n"
        ),
        {"fw.yml": "kube-router"},
    ),
    "a group below another counts for more, a priority only between equals": (
        (
            "=== hosts\n[a_low]\na\n[z_high:children]\na_low\n"
            "[a_low:vars]\nkube_network_plugin=kube-router\n"
            "[z_high:vars]\nkube_network_plugin=calico\nansible_group_priority=9\n"
            "[one]\nb\n[two]\nb\n"
            "[one:vars]\nkube_network_plugin=kube-router\nansible_group_priority=2\n"
            "[two:vars]\nkube_network_plugin=calico\n"
            "=== fw.yml\n- hosts: a_low\n  tasks: [{command: NFT2}]\n"
            "=== b.yml\n- hosts: two\n  tasks: [{command: NFT2}]\n"
        ),
        {"fw.yml": "kube-router", "b.yml": "kube-router"},
    ),
    "a value that tells nothing stands for one that does": (
        (
            "=== hosts\n[low]\na\n[high]\nb\n[high:children]\nlow\n"
            "[high:vars]\ninstall_with=curl https://get.k3s.io\nother_tags=none\n"
            "=== group_vars/low.yml\nother: 1\ninstall_with: apt\n"
            "=== fw.yml\n- hosts: low\n  tasks: [{command: NFT2}]\n"
            "=== b.yml\n- hosts: high\n  tasks: [{command: NFT2}]\n"
        ),
        {"fw.yml": "", "b.yml": "k3s"},
    ),
    "tags of a group below another count for more": (
        (
            "=== hosts\n[low]\na\n[high:children]\nlow\n"
            "[high:vars]\nnftlint_tags=k3s\n[low:vars]\nnftlint_tags=k0s\n"
            "=== fw.yml\n- hosts: high\n  tasks: [{command: NFT2}]\n"
        ),
        {"fw.yml": "k0s"},
    ),
    "two environments": (
        (
            "=== inventories/prod/hosts\n[nodes]\np\n=== inventories/stage/hosts\n[nodes]\ns\n"
            "=== inventories/prod/group_vars/nodes.yml\nCLUSTER_NETWORK: kube-router\n"
            "=== inventories/stage/group_vars/nodes.yml\nCLUSTER_NETWORK: calico\n"
            "=== fw.yml\n- hosts: nodes\n  tasks: [{command: NFT2}]\n"
        ),
        {"fw.yml": "kube-router"},
    ),
    "variables of the project's own": (
        (
            "=== hosts\n[nodes]\na nftlint_tags=kube-router\n[other]\nb\n"
            "=== fw.yml\n- hosts: nodes\n  tasks: [{command: NFT2}]\n"
            "=== b.yml\n- hosts: other\n  tasks: [{command: NFT2}]\n"
        ),
        {"fw.yml": "kube-router", "b.yml": ""},
    ),
    "a list of tags, of which one includes the other": (
        (
            "=== hosts.yml\nnodes:\n  hosts: {a: null}\n  vars:\n"
            "    nftlint_tags: [kube-router, k0s]\n"
            "=== fw.yml\n- hosts: nodes\n  tasks: [{command: NFT2}]\n"
        ),
        {"fw.yml": "k0s"},
    ),
    "an image and what it copies": (
        (
            "=== Dockerfile\nFROM debian\nCOPY fw.sh /fw.sh\nCOPY etc/ /etc/\n"
            "RUN curl -sfL https://get.k3s.io | sh -\n=== fw.sh\nNFT\n=== etc/rc.sh\nNFT\n"
            "=== other.sh\nNFT\n"
        ),
        {"fw.sh": "k3s", "etc/rc.sh": "k3s", "other.sh": ""},
    ),
    "a script that runs scripts": (
        (
            "=== all.sh\n. ./k0s.sh\n./fw.sh\n=== k0s.sh\nk0s install controller --single\n"
            "=== fw.sh\n#!/bin/sh\nNFT\n"
        ),
        {"fw.sh": "k0s"},
    ),
    "k0s with calico": (
        (
            "=== all.sh\nk0s install worker\ncat > /etc/k0s.yaml <<E\nspec:\n  network:\n"
            "    provider: calico\nE\nNFT\n"
        ),
        {"all.sh": ""},
    ),
    "k0s takes kube-router where no provider is named": (
        (
            "=== all.sh\ncat > /etc/k0s/k0s.yaml <<E\napiVersion: k0s.k0sproject.io/v1beta1\n"
            "kind: ClusterConfig\nspec:\n  network:\n    podCIDR: 10.244.0.0/16\nE\nNFT\n"
        ),
        {"all.sh": "k0s"},
    ),
    "a k0s configuration that is copied, with a provider of its own": (
        (
            "=== all.sh\ncp k0s.yaml /etc/k0s/k0s.yaml\nNFT\n"
            "=== k0s.yaml\napiVersion: k0s.k0sproject.io/v1beta1\nkind: ClusterConfig\n"
            "spec:\n  network:\n    provider: custom\n"
        ),
        {"all.sh": ""},
    ),
    "a manifest that a script applies": (
        (
            "=== all.sh\nkubectl apply -f net/kr.yaml\nNFT\n"
            "=== net/kr.yaml\nkind: DaemonSet\nspec:\n  containers:\n"
            "  - image: docker.io/cloudnativelabs/kube-router:v2.1.0\n"
        ),
        {"all.sh": "kube-router"},
    ),
    "a k3s configuration with the policy controller off": (
        (
            "=== all.sh\ncat > /etc/rancher/k3s/config.yaml <<E\n"
            "disable-network-policy: true\nE\nNFT\n"
        ),
        {"all.sh": "kube-proxy"},
    ),
    "a label of an image": (
        (
            "=== Dockerfile\nFROM debian\nLABEL nftlint.host=k3s\nCOPY fw.sh /fw.sh\n"
            "=== fw.sh\nNFT\n=== other.sh\nNFT\n"
        ),
        {"fw.sh": "k3s", "other.sh": ""},
    ),
    "a cluster of kops": (
        (
            "=== up.sh\nkops create cluster --name x --networking kube-router --yes\nNFT\n"
            "=== down.sh\nkops create cluster --name x --networking calico\nNFT\n"
        ),
        {"up.sh": "kube-router", "down.sh": ""},
    ),
    "a description of a cluster for kops": (
        (
            "=== up.sh\nkops create -f spec/cluster.yaml\nNFT\n"
            "=== spec/cluster.yaml\napiVersion: kops.k8s.io/v1alpha2\nkind: Cluster\n"
            "metadata:\n  name: minimal.example.com\nspec:\n  channel: stable\n  etcdClusters:\n"
            "  - etcdMembers:\n    - instanceGroup: master-a\n      name: a\n    name: main\n"
            "  networkCIDR: 172.20.0.0/16\n  networking:\n    kuberouter: {}\n"
            "  nonMasqueradeCIDR: 100.64.0.0/10\n"
            "=== down.sh\nkops replace -f calico.yaml\nNFT\n"
            "=== calico.yaml\napiVersion: kops.k8s.io/v1alpha2\nkind: Cluster\n"
            "spec:\n  networking:\n    calico: {}\n"
            "=== lb.sh\nNFT\n"
        ),
        {"up.sh": "kube-router", "down.sh": "", "lb.sh": ""},
    ),
    "a cluster of kubeasz": (
        (
            "=== clusters/prod/hosts\n[etcd]\n10.0.0.1\n[kube_master]\n10.0.0.1\n"
            "[kube_node]\n10.0.0.2 k8s_nodename=''\n[harbor]\n#10.0.0.8\n"
            '[ex_lb]\n10.0.0.6 LB_ROLE=backup\n[all:vars]\nSECURE_PORT="6443"\n'
            '# calico, flannel, kube-router\nCLUSTER_NETWORK="kube-router"\n'
            "=== playbooks/01.prepare.yml\n- hosts:\n  - kube_master\n  - kube_node\n"
            "  roles:\n  - prepare\n=== playbooks/10.ex-lb.yml\n- hosts: ex_lb\n"
            "  roles:\n  - ex-lb\n=== roles/prepare/tasks/main.yml\n- command: NFT\n"
            "=== roles/ex-lb/tasks/main.yml\n- command: NFT\n"
        ),
        {"roles/prepare/tasks/main.yml": "kube-router", "roles/ex-lb/tasks/main.yml": ""},
    ),
    "a cluster of kubeasz with another plugin": (
        (
            "=== clusters/prod/hosts\n[kube_master]\n10.0.0.1\n[kube_node]\n10.0.0.2\n"
            '[all:vars]\nCLUSTER_NETWORK="calico"\n'
            "=== playbooks/06.network.yml\n- hosts:\n  - kube_master\n  - kube_node\n  roles:\n"
            "  - { role: calico, when: \"CLUSTER_NETWORK == 'calico'\" }\n"
            "  - { role: kube-router, when: \"CLUSTER_NETWORK == 'kube-router'\" }\n"
            "  - prepare\n=== roles/prepare/tasks/main.yml\n- command: NFT\n"
            "=== roles/kube-router/tasks/main.yml\n- debug: {}\n"
        ),
        {"roles/prepare/tasks/main.yml": ""},
    ),
    "what k0sctl is given is for other machines": (
        (
            "=== up.sh\nk0sctl apply --config k0sctl.yaml\nNFT\n"
            "=== k0sctl.yaml\napiVersion: k0sctl.k0sproject.io/v1beta1\nkind: Cluster\nspec:\n"
            "  hosts:\n  - role: worker\n"
        ),
        {"up.sh": ""},
    ),
    "a role for some hosts of a play, by a condition": (
        (
            "=== hosts\n[nodes]\na\n[lb]\nb\n"
            "=== site.yml\n- hosts: all\n  roles:\n  - role: k3s\n"
            "    when: \"'nodes' in group_names\"\n"
            "=== fw.yml\n- hosts: nodes\n  tasks: [{command: NFT2}]\n"
            "=== b.yml\n- hosts: lb\n  tasks: [{command: NFT2}]\n" + ROLES
        ),
        {"fw.yml": "k3s", "b.yml": "", "roles/fw/tasks/main.yml": ""},
    ),
    "tasks for some hosts of a play, by conditions": (
        (
            "=== hosts\n[nodes]\na\n[lb]\nb\n"
            "=== site.yml\n- hosts: all\n  tasks:\n  - shell: curl -sfL https://get.k3s.io | sh -\n"
            "    when:\n    - not offline\n    - inventory_hostname not in groups['lb']\n"
            "=== fw.yml\n- hosts: nodes\n  tasks: [{command: NFT2}]\n"
            "=== b.yml\n- hosts: lb\n  tasks: [{command: NFT2}]\n"
        ),
        {"fw.yml": "k3s", "b.yml": ""},
    ),
    "a condition on groups that is not known tells of no host": (
        (
            "=== hosts\n[nodes]\na\n[lb]\nb\n"
            "=== site.yml\n- hosts: all\n  tasks:\n  - when: groups[which] | length > 1\n"
            "    shell: k3s server\n"
            "=== fw.yml\n- hosts: nodes\n  tasks: [{command: NFT2}]\n"
        ),
        {"fw.yml": ""},
    ),
    "a write for some hosts of a play, by a condition": (
        (
            "=== hosts\n[k3s_cluster]\na\n[lb]\nb\n"
            "=== fw.yml\n- hosts: all\n  tasks:\n  - command: NFT2\n"
            "    when: \"'lb' in group_names\"\n"
            "=== n.yml\n- hosts: all\n  tasks:\n  - command: NFT2\n"
            "    when: \"'lb' not in group_names\"\n"
            "=== both.yml\n- hosts: all\n  tasks:\n  - command: NFT2\n  - block:\n"
            "    - command: NFT2\n    when: inventory_hostname in groups['lb']\n"
        ),
        {"fw.yml": "", "n.yml": "k3s", "both.yml": "k3s", "both.yml:6": ""},
    ),
    "a write in a role, for some hosts of the play that runs it": (
        (
            "=== hosts\n[k3s_cluster]\na\n[lb]\nb\n"
            "=== site.yml\n- hosts: all\n  roles:\n  - fw\n  - role: edge\n"
            "    when: \"'lb' in group_names\"\n"
            "=== roles/fw/tasks/main.yml\n- when: \"'lb' in group_names\"\n"
            "  include_tasks: lb.yml\n- include_tasks: all.yml\n"
            "=== roles/fw/tasks/lb.yml\n- command: NFT\n=== roles/fw/tasks/all.yml\n"
            "- command: NFT\n- script: fw.sh\n  when: \"'lb' in group_names\"\n"
            "=== roles/fw/files/fw.sh\nNFT\n=== roles/edge/tasks/main.yml\n- command: NFT\n"
        ),
        {
            "roles/fw/tasks/lb.yml": "",
            "roles/fw/tasks/all.yml": "k3s",
            "roles/fw/files/fw.sh": "",
            "roles/edge/tasks/main.yml": "",
        },
    ),
    "a write under several conditions": (
        (
            "=== hosts\n[k3s_cluster]\na\nb\n[db]\nb\n[lb]\nc\nb\n[web]\nc\n"
            "=== both.yml\n- hosts: all\n  tasks:\n  - block:\n    - command: NFT2\n"
            "      when: \"'web' in group_names\"\n    - command: NFT2\n"
            "    when: \"'lb' in group_names\"\n"
        ),
        {"both.yml": "k3s", "both.yml:4": ""},
    ),
    "a write under a condition that tells nothing is for all hosts of its play": (
        (
            "=== hosts\n[k3s_cluster]\na\n[lb]\nb\n[empty]\n"
            "=== unknown.yml\n- hosts: all\n  tasks:\n  - command: NFT2\n"
            "    when: groups[which] | length > 1\n"
            "=== missing.yml\n- hosts: all\n  tasks:\n  - command: NFT2\n"
            "    when: \"'os_Debian' in group_names\"\n"
            "=== nobody.yml\n- hosts: all\n  tasks:\n  - command: NFT2\n"
            "    when: \"'empty' in group_names\"\n"
            "=== or.yml\n- hosts: all\n  tasks:\n  - command: NFT2\n"
            "    when: \"'lb' in group_names or force\"\n"
            "=== other.yml\n- hosts: all\n  tasks:\n  - command: NFT2\n"
            "    when: ansible_distribution == 'Debian'\n"
        ),
        {
            "unknown.yml": "k3s",
            "missing.yml": "k3s",
            "nobody.yml": "k3s",
            "or.yml": "k3s",
            "other.yml": "k3s",
        },
    ),
    "a tag that someone gave holds under whatever condition": (
        (
            "=== hosts\n[k3s_cluster]\na\n[lb]\nb\n"
            "=== fw.yml\n# nftlint: host=k3s\n- hosts: all\n  tasks:\n  - command: NFT2\n"
            "    when: \"'lb' in group_names\"\n"
        ),
        {"fw.yml": "k3s"},
    ),
    "a role that installs k3s on hosts with a switch": (
        (
            "=== hosts\n[k3s_cluster]\na\n"
            "=== group_vars/k3s_cluster.yml\nk3s_config:\n  disable-network-policy: true\n"
            "=== site.yml\n- hosts: k3s_cluster\n  roles: [k3s]\n"
            "=== roles/k3s/tasks/main.yml\n- shell: curl -sfL https://get.k3s.io | sh -\n"
            "- command: NFT\n"
        ),
        {"roles/k3s/tasks/main.yml": "kube-proxy"},
    ),
    "the inventories of ansible.cfg": (
        (
            "=== ansible.cfg\n[defaults]\ninventory = etc/machines, etc/more\n"
            "roles_path = lib:own\n"
            "=== etc/machines\n[nodes]\na\n=== etc/more\n[edge]\na\n[other]\nc\n"
            "=== etc/group_vars/nodes.yml\nkube_network_plugin: kube-router\n"
            "=== site.yml\n- hosts: edge\n  roles: [fw]\n=== b.yml\n- hosts: other\n  roles: [lb]\n"
            "=== own/fw/tasks/main.yml\n- command: NFT\n=== lib/lb/tasks/main.yml\n- command: NFT\n"
        ),
        {"own/fw/tasks/main.yml": "kube-router", "lib/lb/tasks/main.yml": ""},
    ),
    "variables beside a playbook count for more than those beside the inventory": (
        (
            "=== inventory/hosts\n[nodes]\na\n"
            "=== inventory/group_vars/nodes.yml\nkube_network_plugin: calico\n"
            "=== playbooks/group_vars/nodes.yml\nkube_network_plugin: kube-router\n"
            "=== playbooks/fw.yml\n- hosts: nodes\n  tasks: [{command: NFT2}]\n"
        ),
        {"playbooks/fw.yml": "kube-router"},
    ),
    "tasks whose file a template names": (
        (
            "=== site.yml\n- hosts: k3s_cluster\n  roles: [fw]\n"
            "=== roles/fw/tasks/main.yml\n- include_tasks: 'os/{{ ansible_distribution }}.yml'\n"
            "=== roles/fw/tasks/os/Debian.yml\n- command: NFT\n"
            "=== roles/fw/tasks/other.yml\n- command: NFT\n"
        ),
        {"roles/fw/tasks/os/Debian.yml": "k3s", "roles/fw/tasks/other.yml": ""},
    ),
    "RKE2 is never one": (
        "=== all.sh\ncurl -sfL https://get.rke2.io | sh -\nk3s agent\nNFT\n",
        {"all.sh": ""},
    ),
    "a cloud-config": (
        "=== user-data\n#cloud-config\nruncmd:\n- curl -sfL https://get.k3s.io | sh -\n- NFT\n",
        {"user-data": "k3s"},
    ),
    "a Terraform module, and not its neighbour": (
        (
            '=== a/main.tf\nuser_data = file("${path.module}/fw.sh")\n=== a/fw.sh\nNFT\n'
            '=== a/k3s.tf\nx = "curl https://get.k3s.io"\n'
            '=== b/main.tf\nuser_data = file("fw.sh")\n=== b/fw.sh\nNFT\n'
        ),
        {"a/fw.sh": "k3s", "b/fw.sh": ""},
    ),
    "the machines of a Vagrantfile": (
        (
            "=== Vagrantfile\ndef common(config)\n"
            "  config.vm.provision 'shell', path: 'common.sh'\nend\n"
            "def unused\n  x = 'unused.sh'\nend\n"
            "Vagrant.configure('2') do |config|\n"
            '  config.vm.provision :shell, :path => "all.sh"\n'
            "  config.vm.define 'node' do |config|\n    config.vm.provider 'x' do |v|\n"
            "      v.cpus = 2\n    end\n"
            "    config.vm.provision 'shell', path: 'k3s.sh'\n"
            "    config.vm.provision 'shell', path: './sub/fw.sh'\n    common(config)\n  end\n"
            "  %w(a b).each do |name|\n    config.vm.define name do |config|\n"
            "      config.vm.provision 'shell', path: 'lb.sh'\n    end\n  end\nend\n"
            "=== k3s.sh\ncurl -sfL https://get.k3s.io | sh -\n=== sub/fw.sh\nNFT\n"
            "=== common.sh\nNFT\n=== all.sh\nNFT\n=== lb.sh\nNFT\n=== unused.sh\nNFT\n"
        ),
        {
            "sub/fw.sh": "k3s",
            "common.sh": "k3s",
            "all.sh": "k3s",
            "lb.sh": "",
            "unused.sh": "",
        },
    ),
    "a Vagrantfile with one machine": (
        (
            "=== Vagrantfile\nVagrant.configure('2') do |config|\n"
            "  config.vm.provision 'shell', inline: 'curl -sfL https://get.k3s.io | sh -'\n"
            "  config.vm.provision 'shell', path: 'fw.sh'\n"
            "  # config.vm.provision 'shell', path: 'other.sh'\nend\n=== fw.sh\nNFT\n"
            "=== other.sh\nNFT\n"
        ),
        {"fw.sh": "k3s", "other.sh": ""},
    ),
    "templates of Packer beside each other": (
        (
            '=== a.pkr.hcl\nbuild {\n  sources = ["x"]\n  provisioner "shell" {\n'
            '    inline = ["curl -sfL https://get.k3s.io | sh -"]\n  }\n'
            '  provisioner "shell" {\n    scripts = [\n      "${path.root}/fw.sh",\n    ]\n  }\n}\n'
            'build {\n  provisioner "shell" {\n    script = "second.sh"\n  }\n}\n'
            '=== b.pkr.hcl\nbuild {\n  provisioner "shell" {\n    script = "lb.sh"\n  }\n}\n'
            '=== src.pkr.hcl\nsource "qemu" "x" {\n  user_data_file = "boot.sh"\n}\n'
            "=== fw.sh\nNFT\n=== second.sh\nNFT\n=== lb.sh\nNFT\n=== boot.sh\nNFT\n"
        ),
        {"fw.sh": "k3s", "second.sh": "", "lb.sh": "", "boot.sh": "k3s"},
    ),
    "templates of Packer as JSON": (
        (
            '=== a.json\n{"provisioners": [\n{"type": "shell", "inline": [\n'
            '"curl -sfL https://get.k3s.io | sh -"]},\n'
            '{"type": "shell", "scripts": ["{{template_dir}}/fw.sh", "s/more.sh"]}]}\n'
            '=== b.json\n{"provisioners": [{"type": "shell", "script": "lb.sh"}]}\n'
            "=== fw.sh\nNFT\n=== s/more.sh\nNFT\n=== lb.sh\nNFT\n"
        ),
        {"fw.sh": "k3s", "s/more.sh": "k3s", "lb.sh": ""},
    ),
    "no flow between neighbours": (
        "=== x/install.sh\ncurl -sfL https://get.k3s.io | sh -\n=== x/fw.sh\nNFT\n=== fw.sh\nNFT\n",
        {"x/fw.sh": "", "fw.sh": ""},
    ),
    "what comments and titles name is not there": (
        (
            "=== fw.yml\n- hosts: web\n  tasks:\n  - name: Needs no k3s server here\n"
            "    command: NFT\n  # curl https://get.k3s.io\n"
        ),
        {"fw.yml": ""},
    ),
    "variables for all plays do not tell which hosts are nodes": (
        (
            "=== vars/all.yml\nk3s_version: v1.31.1\n"
            "=== fw.yml\n- hosts: web\n  vars_files:\n    - vars/all.yml\n  tasks:\n"
            "  - command: NFT\n"
        ),
        {"fw.yml": ""},
    ),
    "someone said none": (
        "=== fw.sh\n# nftlint: host=none\ncurl -sfL https://get.k3s.io | sh -\nNFT\n",
        {"fw.sh": "-"},
    ),
    "configuration outweighs evidence": (
        (
            '=== nftlint.toml\n[[hosts]]\ntag = "k0s"\npaths = ["fw.sh"]\n'
            "=== fw.sh\ncurl -sfL https://get.k3s.io | sh -\nNFT\n"
        ),
        {"fw.sh": "k0s"},
    ),
    "groups in the configuration": (
        (
            '=== nftlint.toml\n[[hosts]]\ntag = "kube-router"\ngroups = ["nodes"]\n'
            "=== hosts\n[nodes]\na\n[other]\nb\n"
            "=== fw.yml\n- hosts: a\n  tasks: [{command: NFT2}]\n"
            "=== b.yml\n- hosts: other\n  tasks: [{command: NFT2}]\n"
        ),
        {"fw.yml": "kube-router", "b.yml": ""},
    ),
    "evidence can be turned off": (
        "=== nftlint.toml\nevidence = false\n=== fw.sh\ncurl -sfL https://get.k3s.io | sh -\nNFT\n",
        {"fw.sh": ""},
    ),
    "an imported playbook keeps its own hosts": (
        "=== top.yml\n- import_playbook: site.yml\n  vars: {k3s_version: v1}\n"
        "=== site.yml\n- hosts: k3s_cluster\n  tasks: [{command: NFT2}]\n"
        "- hosts: lb\n  roles: [fw]\n" + ROLES,
        {"site.yml": "k3s", "roles/fw/tasks/main.yml": ""},
    ),
    "a scenario of molecule has hosts of its own": (
        "=== hosts\n[web]\na\n=== molecule/x/converge.yml\n- hosts: all\n  roles: [k3s]\n"
        "=== fw.yml\n- hosts: web\n  roles: [fw]\n" + ROLES,
        {"roles/fw/tasks/main.yml": ""},
    ),
}


def tags_of(directory: Path) -> dict[str, str]:
    """Tags by URI; an untagged write in a file with others stands under ``URI:LINE``."""
    report = lint([Path()], Options()).report
    assert report.failures == ()
    places = Places(report.artifacts)
    del directory
    found: dict[str, str] = {}
    for result in report.results:
        assert result.rule.startswith("NFT1"), result.message
        tags = " ".join(sorted(tag for host in result.hosts for tag in host.tags))
        found[result.location.uri] = tags
    for item in report.untagged:
        uri = item.location.uri
        line = places.region(item.location).start_line
        found[f"{uri}:{line}" if uri in found else uri] = ""
    return found


@pytest.mark.parametrize("name", TREES)
def test_tags(name: str, tree: Tree) -> None:
    text, expected = TREES[name]
    found = tags_of(tree(text))
    lines = {uri.partition(":")[0] if uri not in expected else uri for uri in found}
    expected = {uri: tags for uri, tags in expected.items() if tags != "-"}
    assert {uri.partition(":")[0] for uri in lines} == {uri.partition(":")[0] for uri in expected}
    for uri, tags in expected.items():
        if ":" not in uri:
            assert found[uri] == tags


def results(text: str, tree: Tree) -> tuple[Result, ...]:
    tree(text)
    return lint([Path()], Options()).report.results


SERVER = """
=== inv/hosts
=== hosts
[server]
s
[agent]
a
[k3s_cluster:children]
server
agent
=== fw.yml
- hosts: agent
  tasks: [{command: 'nft add rule ip filter INPUT ct state new drop'}]
=== group_vars/server.yml
"""


@pytest.mark.parametrize(
    ("variable", "tags", "level"),
    [
        ("x: 1\n", ("k3s",), "error"),
        ("args: --disable-network-policy\n", ("kube-proxy",), "warning"),
        ("args: --disable-network-policy --node-ip={{ ip }}\n", ("kube-proxy",), "warning"),
        ("config:\n  disable-network-policy: true\n", ("kube-proxy",), "warning"),
        ("args: --flannel-backend=none\n", ("k3s",), "error"),
        ("args: >-\n  {% if x %}\n  --disable-network-policy\n  {% endif %}\n", ("k3s",), "error"),
    ],
)
def test_a_switch_on_the_servers_lowers_the_level_for_agents(
    variable: str, tags: tuple[str, ...], level: str, tree: Tree
) -> None:
    (result,) = results(SERVER + variable, tree)
    assert result.hosts[0].tags == tags
    assert result.level in {level, "note" if level == "warning" else level}


def test_the_chain_of_evidence_leads_to_the_install(tree: Tree) -> None:
    text = "=== site.yml\n- hosts: nodes\n  roles: [k3s, fw]\n" + ROLES
    (result,) = results(text, tree)
    chain = [(item.location.uri, item.why) for item in result.hosts[0].evidence]
    assert [uri for uri, _ in chain][:2] == ["site.yml", "site.yml"]
    assert chain[-1] == ("roles/k3s/tasks/main.yml", "it uses `https://get.k3s.io`")


def test_assumed_tags_override_all(tree: Tree) -> None:
    tree("=== fw.sh\ncurl -sfL https://get.k3s.io | sh -\nNFT\n")
    report = lint([Path()], Options(assume_tags=("k0s",))).report
    assert {host.tags for result in report.results for host in result.hosts} == {("k0s",)}


def test_one_file_of_a_project_is_judged_like_all(tree: Tree) -> None:
    tree("=== site.yml\n- hosts: nodes\n  roles: [k3s, fw]\n" + ROLES)
    (result,) = lint([Path("roles/fw/tasks/main.yml")], Options()).report.results
    assert result.hosts[0].tags == ("k3s",)


def test_versions_of_an_entry(tree: Tree) -> None:
    config = '=== nftlint.toml\n[[hosts]]\ntag = "kube-router"\niptables = "1.8.9"\n'
    (result,) = results(config + "=== fw.sh\nNFT\n", tree)
    assert "iptables 1.8.9 " in result.message


def test_a_broken_inventory_line_is_a_finding_with_its_line(tree: Tree) -> None:
    found = results("=== hosts\n[web]\na b\n=== fw.sh\nNFT\n", tree)
    assert [(item.rule, item.location.uri) for item in found] == [("NFT001", "hosts")]


def test_a_tree_without_nft_is_not_looked_through_again(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(survey, "survey", fail)
    tree("=== hosts\n[k3s_cluster]\na\n=== site.yml\n- hosts: all\n  roles: [k3s]\n")
    assert lint([Path()], Options()).report.results == ()
    tree("=== fw.sh\nNFT\n")
    with pytest.raises(AssertionError):
        lint([Path()], Options())
